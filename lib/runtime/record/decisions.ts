import { isUndoPath, RUN, readActionKey } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { ReportedError } from "../function-error.ts";
import { isQuestion } from "../people/escalation.ts";
import type { GivenUpFor } from "../runs.ts";
import { asked, surrendered } from "./asked.ts";
import { attempts, type Surrender } from "./attempts.ts";
import type { DecisionRecord, Placed } from "./decision-record.ts";
import { stepAt } from "./step-at.ts";
import { turns } from "./turns.ts";
import { standIns, ways } from "./ways.ts";

/** The items of a run, and those of what people were asked about it. */
export interface RunItems {
  readonly run: Item;
  readonly items: readonly Item[];
  readonly people: readonly Item[];
}

/** Everything that was decided about a run, in order. */
export function decisions({ run, items, people }: RunItems): DecisionRecord[] {
  const questions = people.filter(isQuestion);
  const surrenders = [...surrendered(questions), ...surrendersOf(run), ...standIns(items)];
  return [
    ...ways(items),
    ...attempts(items, surrenders),
    ...turns(items),
    ...reconciled(items),
    ...asked(questions),
    ...compensation(run, items),
    ...end(run),
  ]
    .sort((a, b) => (a.since === b.since ? a.rank - b.rank : a.since < b.since ? -1 : 1))
    .map(({ since, rank, ...record }) => record);
}

export const errorOf = ({ error }: Item): ReportedError | null =>
  error === undefined ? null : (JSON.parse(String(error)) as ReportedError);

const givenUpFor = ({ givenUpFor: why }: Item): GivenUpFor | undefined =>
  why === undefined ? undefined : (JSON.parse(String(why)) as GivenUpFor);

/** The failure that a run ended with, or was given up for, where no people came between. */
function surrendersOf(run: Item): Surrender[] {
  const reason = errorOf(run);
  return [reason, givenUpFor(run)].flatMap((why) => {
    const { step, path, attempts, entered } = why ?? {};
    if (step === undefined || path === undefined || attempts === undefined || entered === undefined) return [];
    const at = String(run.givenUpAt ?? run.updatedAt);
    return [{ step, path, attempts, entered, at, evidence: RUN, ...(reason?.path === path ? { reason } : {}) }];
  });
}

/** What was found out about writes that had been begun and whose result nobody had written down. */
function reconciled(items: readonly Item[]): Placed[] {
  return items.flatMap((item): Placed[] => {
    const isUnknown = item.sk.startsWith("FAILURE#") && item.code === "unknown-outcome";
    if (item.reconciled === undefined && !isUnknown) return [];
    const { path, key } = isUnknown ? { path: String(item.path), key: "" } : readActionKey(item.sk);
    const at = String(item.at);
    return [
      {
        since: String(item.entered ?? at),
        rank: 0,
        at,
        kind: "reconcile",
        step: stepAt(path),
        path,
        options: ["done", "absent", "repeat", "unknown"],
        chosen: isUnknown ? "unknown" : String(item.reconciled),
        rule: isUnknown ? "reconcile" : `reconcile of ${key}`,
        by: null,
        evidence: [item.sk],
        reason: null,
      },
    ];
  });
}

function compensation(run: Item, items: readonly Item[]): Placed[] {
  if (run.givenUpAt === undefined) return [];
  const isUndoing = ({ sk, path }: Item) => sk.startsWith("STEP#") && isUndoPath(String(path));
  const undone = items.filter((item) => isUndoing(item) && item.status === "committed");
  return [
    {
      since: String(run.givenUpAt),
      rank: 2,
      at: String(run.givenUpAt),
      kind: "compensation",
      step: "compensate",
      path: "compensate",
      options: ["undo what was completed"],
      chosen: undone.length === 0 ? "nothing undone" : `undo ${undone.map(({ path }) => path).join(", ")}`,
      rule: "completed writes, last one first",
      by: null,
      evidence: undone.map(({ sk }) => sk),
      reason: reasonOf(givenUpFor(run)),
    },
  ];
}

const reasonOf = (why: GivenUpFor | undefined) => {
  if (why === undefined) return null;
  const { error, step, path } = why;
  return { class: error, code: "given-up", message: `The run was given up for ${step}.`, step, path };
};

function end(run: Item): Placed[] {
  if (run.open === true) return [];
  const options = ["completed", "failed", "abandoned"];
  const about = {
    since: "\uffff",
    rank: 0,
    step: String(run.agent),
    path: "",
    options,
    rule: "end of the state machine",
    by: null,
  };
  const chosen = String(run.status);
  return [{ ...about, at: String(run.updatedAt), kind: "end", chosen, evidence: [RUN], reason: errorOf(run) }];
}
