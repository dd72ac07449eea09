import { ErrorClass, peopleKey, runKey } from "../../../lib/contract/index.ts";
import { type DecisionRecord, decisions } from "../../../lib/runtime/index.ts";
import type { Evidence, Invariant, RunEvidence } from "../evidence.ts";
import { expectedOf } from "../reference.ts";

/** The items of a run tell of everything that was decided about it, and of nothing else. */
export const decisionsRecorded: Invariant = (evidence) =>
  evidence.runs.flatMap((run) => {
    const { end } = run;
    if (end === undefined || ["RUNNING", "TIMED_OUT", "ABORTED"].includes(end.status)) return [];
    const records = recordsOf(evidence, run);
    return [...wrongWays(run, records), ...wrongAttempts(run, records), ...wrongQuestions(run, records)].map(
      (wrong) => `${run.runId} ${wrong}`,
    );
  });

function recordsOf({ items }: Evidence, { runId, item }: RunEvidence): DecisionRecord[] {
  const of = (pk: string) => [...items.values()].filter((each) => each.pk === pk).sort(byKey);
  return decisions({ run: item, items: of(runKey(runId)), people: of(peopleKey(runId)) });
}

const byKey = (a: { readonly sk: string }, b: { readonly sk: string }) => (a.sk < b.sk ? -1 : 1);

/** What stands beside a step that stopped the run may have come to its own choices, or not. */
function wrongWays({ agent, input, exits, end }: RunEvidence, records: readonly DecisionRecord[]): string[] {
  const expected = expectedOf(agent, input, exits).ways.toSorted();
  const recorded = records
    .filter(({ kind }) => kind === "choice" || kind === "stand-in")
    .map(({ path, kind, chosen }) => `${path} ${kind} ${chosen}`)
    .sort();
  const unknown = recorded.filter((way) => !expected.includes(way));
  const missing = expected.filter((way) => !recorded.includes(way));
  const mayMiss = end?.status !== "SUCCEEDED" && agent.steps.some(({ kind }) => kind === "parallel" || kind === "each");
  return [
    ...unknown.map((way) => `records ${way}, which never was`),
    ...(mayMiss ? [] : missing.map((way) => `does not record ${way}`)),
    ...(recorded.length > new Set(recorded).size && recorded.length > expected.length ? ["records a way twice"] : []),
  ];
}

/** Every attempt that came to nothing was either tried again or given up, and each is told of once. */
function wrongAttempts({ exits, end }: RunEvidence, records: readonly DecisionRecord[]): string[] {
  const failed = new Map<string, number>();
  for (const exit of exits) {
    if (exit.kind !== "step" || exit.of !== "task" || !("failed" in exit.outcome)) continue;
    if (exit.outcome.failed === ErrorClass.NeedsApproval) continue;
    failed.set(exit.path, (failed.get(exit.path) ?? 0) + 1);
  }
  return [...failed].flatMap(([path, count]) => {
    const told = records.filter((each) => each.path === path && (each.kind === "retry" || each.kind === "failure"));
    // Within a branch or an item that was cut off attempts go on that nobody waits for, and the last ends without a sign of its number.
    const isCutOff = end?.status !== "SUCCEEDED" && path.includes("/");
    const isRight = told.length === count || isCutOff;
    return isRight
      ? []
      : [
          `records ${told.length} failed attempts of ${path} (${told.map(({ rule, reason }) => `${rule} ${reason?.code}`).join("; ")}), of which there were ${count}`,
        ];
  });
}

function wrongQuestions({ exits }: RunEvidence, records: readonly DecisionRecord[]): string[] {
  const answers = exits.flatMap((exit) =>
    exit.kind === "question" && "output" in exit.outcome
      ? [`${exit.path} ${(exit.outcome.output as { readonly decision: string }).decision}`]
      : [],
  );
  const told = records
    .filter(({ kind }) => kind === "decision")
    .map(({ path, chosen }) => `${path} ${chosen === "raise" ? "retry" : chosen}`);
  return answers.filter((answer) => !told.includes(answer)).map((answer) => `does not record the decision ${answer}`);
}
