import { type Decided, RUN } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { Surrender } from "./attempts.ts";
import type { Placed } from "./decision-record.ts";

/** The ways that the state machine took by itself. */
export function ways(items: readonly Item[]): Placed[] {
  const checkpoints = new Map(
    items.flatMap((item): [string, string][] => (item.sk.startsWith("STEP#") ? [[String(item.path), item.sk]] : [])),
  );
  // What people have approved is told by the question that they answered.
  return told(items).flatMap(({ way }) =>
    way.kind === "approval" ? [] : [recordOf({ ...way, kind: way.kind }, checkpoints)],
  );
}

/** The failures in whose place the state machine took a declared output. */
export const standIns = (items: readonly Item[]): Surrender[] =>
  told(items).flatMap(({ way: { step, path, at, attempts }, evidence }) =>
    attempts === undefined ? [] : [{ step, path, attempts, entered: at, at, evidence }],
  );

/** Several items may have been told of the same one. */
function told(items: readonly Item[]): { readonly way: Decided; readonly evidence: string }[] {
  const all = items.flatMap(({ sk, decided }) =>
    decided === undefined ? [] : (JSON.parse(String(decided)) as Decided[]).map((way) => ({ way, evidence: sk })),
  );
  return [...new Map(all.map((each) => [JSON.stringify([each.way.path, each.way.kind, each.way.at]), each])).values()];
}

function recordOf(
  { kind, step, path, at, options, chosen, by, error }: Decided & { readonly kind: "choice" | "stand-in" },
  checkpoints: ReadonlyMap<string, string>,
): Placed {
  const rule = kind === "choice" ? `branch ${options.indexOf(chosen) + 1} of ${options.length}` : "continueWith";
  const evidence = [...new Set(by.map((name) => checkpointOf(name, path, checkpoints)))];
  const message = `${step} was not completed; what is declared for that stands in for its output.`;
  const reason = error === undefined ? null : { class: error, code: "stand-in", message };
  return { since: at, rank: 0, at, kind, step, path, options, chosen, rule, by: null, evidence, reason };
}

/** The key of the step of that name beside a path, or around it; the run's own, where there is none: its input. */
function checkpointOf(name: string, path: string, checkpoints: ReadonlyMap<string, string>): string {
  for (let around = path; around.includes("/"); ) {
    around = around.slice(0, around.lastIndexOf("/"));
    const found = checkpoints.get(`${around}/${name}`);
    if (found !== undefined) return found;
  }
  return checkpoints.get(name) ?? RUN;
}
