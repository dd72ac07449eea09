import jsonata from "jsonata";
import type { State, StateMachine } from "../../lib/compiler/index.ts";
import type { Json } from "../../lib/contract/index.ts";

/** A state of a machine, with the names of the variables that the regions around its own assign. */
export interface Placed {
  readonly name: string;
  readonly state: State;
  readonly region: StateMachine;
  readonly outer: ReadonlySet<string>;
}

/** The machines directly inside a state. */
export function regionsIn(state: State): readonly StateMachine[] {
  if (state.Type === "Parallel") return state.Branches;
  return state.Type === "Map" ? [state.ItemProcessor] : [];
}

/** Every state of a machine, those of its branches and items included. */
export function* statesOf(region: StateMachine, outer: ReadonlySet<string> = new Set()): Generator<Placed> {
  const own = new Set([...outer, ...Object.values(region.States).flatMap(assignedBy)]);
  for (const [name, state] of Object.entries(region.States)) {
    yield { name, state, region, outer };
    for (const inner of regionsIn(state)) yield* statesOf(inner, own);
  }
}

/** A way out of a state. */
export interface Exit {
  readonly to: string | undefined;
  readonly assign: Readonly<Record<string, Json>>;
  readonly condition?: string;
}

export function exitsOf(state: State): Exit[] {
  if (state.Type === "Succeed" || state.Type === "Fail") return [];
  const own = "Assign" in state ? (state.Assign ?? {}) : {};
  if (state.Type === "Choice") {
    const rules = state.Choices.map(({ Next, Assign, Condition }) => ({
      to: Next,
      assign: Assign ?? {},
      condition: Condition,
    }));
    return [...rules, { to: state.Default, assign: own }];
  }
  const caught = "Catch" in state ? (state.Catch ?? []) : [];
  return [
    { to: "Next" in state ? state.Next : undefined, assign: own },
    ...caught.map(({ Next, Assign }) => ({ to: Next, assign: Assign ?? {} })),
  ];
}

export const assignedBy = (state: State): string[] => exitsOf(state).flatMap(({ assign }) => Object.keys(assign));

/** What a state says itself, without the states inside it. */
export function ownFields(state: State): Record<string, unknown> {
  const { Branches: _, ItemProcessor: __, ...own } = state as State & { Branches?: unknown; ItemProcessor?: unknown };
  return own;
}

/** The JSONata in a part of a machine, without its braces. */
export function expressionsIn(part: unknown): string[] {
  if (typeof part === "string") return part.startsWith("{%") && part.endsWith("%}") ? [part.slice(2, -2)] : [];
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(expressionsIn) : [];
}

interface Used {
  readonly variables: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

const USED = new Map<string, Used>();

/** What an expression uses: variables, `states` left out, and functions. @throws what jsonata throws where it does not parse. */
export function usedBy(expression: string): Used {
  const known = USED.get(expression);
  if (known !== undefined) return known;
  const variables = new Set<string>();
  const functions = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("type" in node && node.type === "function" && "procedure" in node) {
      const { procedure, ...rest } = node as { procedure: { value: string } };
      functions.add(procedure.value);
      Object.values(rest).forEach(visit);
      return;
    }
    if ("type" in node && node.type === "variable" && "value" in node && node.value !== "states") {
      variables.add(String(node.value));
    }
    Object.values(node).forEach(visit);
  };
  visit(jsonata(expression).ast());
  const used = { variables, functions };
  USED.set(expression, used);
  return used;
}

/** The value of a part of a machine, its expressions evaluated by the reference implementation. */
export async function evaluated(part: unknown, bindings: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (typeof part === "string") {
    const [expression] = expressionsIn(part);
    if (expression === undefined) return part;
    const value: unknown = await jsonata(expression).evaluate(undefined, bindings);
    if (value === undefined) throw new Error(`${expression} is nothing`);
    return JSON.parse(JSON.stringify(value));
  }
  if (Array.isArray(part)) return Promise.all(part.map((item) => evaluated(item, bindings)));
  if (typeof part !== "object" || part === null) return part;
  const entries = await Promise.all(
    Object.entries(part).map(async ([key, value]) => [key, await evaluated(value, bindings)]),
  );
  return Object.fromEntries(entries);
}
