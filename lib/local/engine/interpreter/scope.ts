import type { Json, JsonObject } from "../../../contract/index.ts";
import { bytesOf } from "../expression/size.ts";

interface Variable {
  readonly value: Json;
  readonly bytes: number;
}

/** The variables of a region, which also reads those of the regions around it. */
export class Scope {
  readonly #variables = new Map<string, Variable>();
  #ownBytes = 0;

  constructor(private readonly outer?: Scope) {}

  get(name: string): Json | undefined {
    const own = this.#variables.get(name);
    return own === undefined ? this.outer?.get(name) : own.value;
  }

  /**
   * Assigns all of them, or none when they would be too large.
   *
   * @param limits as UTF-8 JSON: of these together, and of all variables that can be read here.
   * @returns whether they fit.
   */
  assign(variables: JsonObject, limits: { readonly together: number; readonly all: number }): boolean {
    const assigned = Object.entries(variables).map(([name, value]) => ({ name, value, bytes: bytesOf(value) }));
    let [together, grown] = [0, 0];
    for (const { name, bytes } of assigned) {
      together += bytes;
      grown += bytes - (this.#variables.get(name)?.bytes ?? 0);
    }
    if (together > limits.together || this.#bytes + grown > limits.all) return false;
    for (const { name, ...variable } of assigned) this.#variables.set(name, variable);
    this.#ownBytes += grown;
    return true;
  }

  /** Adds all variables that can be read here. */
  addTo(bindings: Record<string, Json>): Record<string, Json> {
    this.outer?.addTo(bindings);
    for (const [name, { value }] of this.#variables) bindings[name] = value;
    return bindings;
  }

  get #bytes(): number {
    return this.#ownBytes + (this.outer === undefined ? 0 : this.outer.#bytes);
  }
}
