import type { Json, JsonObject } from "../contract/index.ts";
import { standIns } from "./outcomes.ts";
import { itemsOf, lookup, maxItems, type Place } from "./schema-path.ts";
import type { Step } from "./steps.ts";
import { isReference, type Reference, type Value } from "./value.ts";

const APPROVAL_OUTPUT: JsonObject = {
  type: "object",
  properties: {
    decision: { enum: ["approve"] },
    by: { type: "string" },
    at: { type: "string" },
    note: { type: "string" },
  },
  required: ["decision", "by", "at", "note"],
};

export type Resolved =
  | { readonly kind: "found"; readonly place: Place }
  | { readonly kind: "unknown-name"; readonly name: string; readonly allowed: readonly string[] }
  | { readonly kind: "may-not-have-run"; readonly name: string }
  | { readonly kind: "unknown-property"; readonly name: string; readonly allowed: readonly string[] };

/** The names that can be referred to at a place of the document, with the schemas of what they stand for. */
export class Scope {
  readonly #names = new Map<string, JsonObject>();
  readonly #conditional = new Set<string>();

  constructor(private readonly outer?: Scope) {}

  static ofInput(input: JsonObject): Scope {
    const scope = new Scope();
    scope.#names.set("input", input);
    return scope;
  }

  /** A scope for a branch or an item: it sees this one, and what it defines stays inside. */
  nested(): Scope {
    return new Scope(this);
  }

  has(name: string): boolean {
    return this.#names.has(name) || (this.outer?.has(name) ?? false);
  }

  define(name: string, schema: JsonObject): void {
    this.#names.set(name, schema);
  }

  /** Steps of a branch that may or may not have been taken: they can be named, but never be relied on. */
  mayNotHaveRun(names: Iterable<string>): void {
    for (const name of names) this.#conditional.add(name);
  }

  names(): string[] {
    return [...(this.outer?.names() ?? []), ...this.#names.keys()];
  }

  resolve(reference: Reference): Resolved {
    const [name = "", ...properties] = reference.$from.split(".");
    const start = this.find(name);
    if (start === undefined) {
      return this.isConditional(name)
        ? { kind: "may-not-have-run", name }
        : { kind: "unknown-name", name, allowed: this.names() };
    }
    const result = lookup(start, properties);
    return "found" in result
      ? { kind: "found", place: result.found }
      : { kind: "unknown-property", name: result.missing, allowed: result.allowed };
  }

  /** The schema of what a value evaluates to here; parts that do not resolve may be anything. */
  schemaOf(value: Value): JsonObject {
    if (isReference(value)) {
      const resolved = this.resolve(value);
      if (resolved.kind !== "found") return {};
      const { schema, optional } = resolved.place;
      return optional ? { anyOf: [schema, { type: "null" }] } : schema;
    }
    if (value === null) return { type: "null" };
    if (Array.isArray(value))
      return { type: "array", items: { anyOf: value.map((item) => this.schemaOf(item)) }, maxItems: value.length };
    if (typeof value === "object") {
      const entries = Object.entries(value);
      return {
        type: "object",
        properties: Object.fromEntries(entries.map(([key, part]) => [key, this.schemaOf(part)])),
        required: entries.map(([key]) => key),
      };
    }
    return { type: typeof value };
  }

  /** The schema that a completed step leaves behind under its name, if it leaves anything. */
  outputOf(step: Step, inner: (name: string) => Scope | undefined): JsonObject | undefined {
    switch (step.kind) {
      case "task":
      case "reason":
      case "subflow":
        return this.#orStandIn(step, step.output);
      case "approval":
        return this.#orStandIn(step, APPROVAL_OUTPUT);
      case "parallel": {
        const outputs = Object.entries(step.branches).map(([name, branch]): [string, Json] => [
          name,
          (inner(name) ?? this).schemaOf(branch.output ?? {}),
        ]);
        return { type: "object", properties: Object.fromEntries(outputs), required: outputs.map(([name]) => name) };
      }
      case "each": {
        const items = this.resolve(step.items);
        const limit = items.kind === "found" ? maxItems(items.place.schema) : undefined;
        return {
          type: "array",
          items: (inner(step.as) ?? this).schemaOf(step.output ?? {}),
          ...(limit === undefined ? {} : { maxItems: limit }),
        };
      }
      case "choose":
      case "wait":
        return undefined;
    }
  }

  /** What one item of an `each` looks like. */
  itemOf(reference: Reference): JsonObject {
    const resolved = this.resolve(reference);
    return resolved.kind === "found" ? itemsOf(resolved.place.schema) : {};
  }

  #orStandIn(step: Step, output: JsonObject): JsonObject {
    const others = standIns(step).map(({ value }) => this.schemaOf(value));
    return others.length === 0 ? output : { anyOf: [output, ...others] };
  }

  private find(name: string): JsonObject | undefined {
    return this.#names.get(name) ?? this.outer?.find(name);
  }

  private isConditional(name: string): boolean {
    return this.#conditional.has(name) || this.outer?.isConditional(name) === true;
  }
}
