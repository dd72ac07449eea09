import type { Decided } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { Surrender } from "./attempts.ts";
import type { Placed } from "./decision-record.ts";

/** The ways that the state machine took by itself. */
export const ways = (items: readonly Item[]): Placed[] => told(items).map(({ way }) => recordOf(way, items));

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

function recordOf({ kind, step, path, at, options, chosen, by, error }: Decided, items: readonly Item[]): Placed {
  const rule = kind === "choice" ? `branch ${options.indexOf(chosen) + 1} of ${options.length}` : "continueWith";
  const evidence = [...new Set(by.map((name) => checkpointOf(name, path, items)))];
  const message = `${step} was not completed; what is declared for that stands in for its output.`;
  const reason = error === undefined ? null : { class: error, code: "stand-in", message };
  return { since: at, rank: 0, at, kind, step, path, options, chosen, rule, by: null, evidence, reason };
}

/** The key of the step of that name that is nearest to a path; the run's own, where there is none: its input. */
function checkpointOf(name: string, path: string, items: readonly Item[]): string {
  const known = items.filter((item) => item.step === name && item.sk.startsWith("STEP#"));
  const [nearest] = known.sort((a, b) => shared(String(b.path), path) - shared(String(a.path), path));
  return nearest?.sk ?? "RUN";
}

function shared(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
