import type { State, StateMachine } from "../../lib/compiler/index.ts";
import { exitsOf, expressionsIn, ownFields, regionsIn, usedBy } from "./machines.ts";

/** What a walk over every path of a machine finds out. */
export interface Paths {
  readonly visited: ReadonlySet<string>;
  /** Reads of variables that some path to the state does not assign. */
  readonly unassigned: readonly string[];
}

interface Node {
  readonly state: string;
  /** Who handed over to a ladder last: a decision leads back to it alone. */
  readonly origin: string | undefined;
}

const ORIGIN = /\.origin = "([^"]+)"/;
const keyOf = ({ state, origin }: Node) => JSON.stringify([state, origin]);

/** Follows every path of a machine, those that the origin of a decision rules out left aside. */
export function followPaths(region: StateMachine, outer: ReadonlySet<string> = new Set()): Paths {
  const before = new Map<string, ReadonlySet<string>>();
  const open: Node[] = [];
  const arrive = (node: Node, assigned: ReadonlySet<string>) => {
    const known = before.get(keyOf(node));
    const now = known === undefined ? assigned : new Set([...known].filter((name) => assigned.has(name)));
    if (known !== undefined && now.size === known.size) return;
    before.set(keyOf(node), now);
    open.push(node);
  };
  arrive({ state: region.StartAt, origin: undefined }, outer);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { state: name, origin } = node;
    const state = region.States[name];
    if (state === undefined) throw new Error(`There is no state ${name}.`);
    for (const { to, assign, condition } of exitsOf(state)) {
      const only = ORIGIN.exec(condition ?? "")?.[1];
      if (to === undefined || (only !== undefined && only !== origin)) continue;
      const assigned = new Set([...(before.get(keyOf(node)) ?? []), ...Object.keys(assign)]);
      arrive({ state: to, origin: originIn(assign) ?? origin }, assigned);
    }
  }
  const unassigned: string[] = [];
  const visited = new Set<string>();
  for (const [key, assigned] of before) {
    const [name, origin] = JSON.parse(key) as [string, string | null];
    const state = region.States[name];
    if (state === undefined) continue;
    visited.add(name);
    for (const expression of readBy(state, origin)) {
      for (const variable of usedBy(expression).variables) {
        if (!assigned.has(variable)) unassigned.push(`${name}: $${variable} in ${expression}`);
      }
    }
    for (const inner of regionsIn(state)) {
      const paths = followPaths(inner, assigned);
      for (const one of paths.visited) visited.add(one);
      unassigned.push(...paths.unassigned);
    }
  }
  return { visited, unassigned };
}

/** The expressions that a state evaluates: those of decisions about others are not looked at once the condition fails. */
function readBy(state: State, origin: string | null): string[] {
  if (state.Type !== "Choice") return expressionsIn(ownFields(state));
  const { Choices, ...own } = state;
  const looked = Choices.filter(({ Condition }) => [undefined, origin].includes(ORIGIN.exec(Condition)?.[1]));
  return expressionsIn([own, looked]).filter((expression) => !ORIGIN.test(expression));
}

function originIn(assign: Readonly<Record<string, unknown>>): string | undefined {
  const incident = Object.entries(assign).find(([name]) => name.startsWith("incident"))?.[1];
  return typeof incident === "object" && incident !== null && "origin" in incident
    ? String(incident.origin)
    : undefined;
}
