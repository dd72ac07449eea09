import { createHash } from "node:crypto";
import type { Json } from "../../contract/index.ts";
import { compileMachine } from "./definition/compile.ts";
import type { Machine } from "./definition/model.ts";
import { readDefinition } from "./definition/validate.ts";

export interface CompiledDefinition {
  /** Of its content. */
  readonly id: string;
  readonly source: Json;
  readonly machine: Machine;
}

/** The machine of a definition. @throws InvalidDefinition */
export type Definitions = (source: Json) => CompiledDefinition;

/** Compiles every definition once, however many executions have it. */
export function definitionCache(): Definitions {
  const bySource = new WeakMap<object, CompiledDefinition>();
  const byId = new Map<string, CompiledDefinition>();
  return (source) => {
    const key = typeof source === "object" && source !== null ? source : {};
    const known = bySource.get(key);
    if (known !== undefined) return known;
    const definition = readDefinition(source);
    const id = createHash("sha256").update(JSON.stringify(definition)).digest("base64url");
    const compiled = byId.get(id) ?? { id, source: definition, machine: compileMachine(definition) };
    byId.set(id, compiled);
    bySource.set(key, compiled);
    return compiled;
  };
}
