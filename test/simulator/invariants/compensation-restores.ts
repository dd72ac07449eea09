import { ErrorClass, undoPath } from "../../../lib/contract/index.ts";
import { effectOf } from "../../../lib/definition/index.ts";
import type { Evidence, Invariant, RunEvidence } from "../evidence.ts";
import { committedSteps, effectsOf, escalationsOf, handlersOf, isStep, stepNamed, stepOf } from "./look-up.ts";

/**
 * Of a run that was given up, every completed write that can be undone is undone, or people were told that it is not, as
 * they are of every write that nobody can undo.
 * What followed on a step is undone before it; branches, and items that may run at once, owe each other no order.
 */
export const compensationRestores: Invariant = (evidence) =>
  evidence.runs.filter(isGivenUp).flatMap((run) => {
    const told = notUndone(evidence, run);
    const undone = new Set(committedSteps(evidence, run.runId).map(({ path }) => path));
    const writes = [
      ...committedSteps(evidence, run.runId).map(({ path }) => path),
      ...cutOffLoops(evidence, run),
    ].filter((path) => isUndoable(run, path));
    const left = writes.filter((path) => !undone.has(undoPath(path)) && !told.has(path) && !told.has(EVERYTHING));
    const lasting = committedSteps(evidence, run.runId)
      .map(({ path }) => path)
      .filter((path) => isLasting(run, path) && !told.has(path) && !told.has(EVERYTHING));
    return [
      ...lasting.map((path) => `${run.runId} was abandoned, and ${path} stays, which nobody was told`),
      ...left.map((path) => `${run.runId} was abandoned, and ${path} is neither undone nor named to anybody`),
      ...wrongOrder(
        evidence,
        run,
        writes.filter((path) => undone.has(undoPath(path)) && !told.has(path)),
      ),
    ];
  });

/** It ended so, or got so far that people were asked about what could not be undone. */
const isGivenUp = ({ end, exits }: RunEvidence) =>
  end?.error === ErrorClass.Abandoned || exits.some((exit) => exit.kind === "question" && exit.of === "compensation");

/** Loops that have written, and never came to their end. */
function cutOffLoops(evidence: Evidence, run: RunEvidence): string[] {
  const committed = new Set(committedSteps(evidence, run.runId).map(({ path }) => path));
  const written = effectsOf(evidence).filter(({ runId, path }) => runId === run.runId && !committed.has(path));
  return [...new Set(written.map(({ path }) => path))].filter((path) => stepOf(run, path)?.kind === "reason");
}

const EVERYTHING = "not known: the completed writes could not be listed";
const LIST = /Not undone: (.*?)\. /g;

const isUndoable = (run: RunEvidence, path: string) =>
  typeof stepOf(run, path)?.compensate === "string" && path !== undoPath(path.slice(0, -undoPath("").length));

const isLasting = (run: RunEvidence, path: string) => {
  const step = stepOf(run, path);
  return step !== undefined && effectOf(run.agent, step) === "write" && step.compensate === undefined;
};

/** What people were told, or what the end of the run says, is not undone. */
function notUndone(evidence: Evidence, { runId, end }: RunEvidence): ReadonlySet<string> {
  const causes = [...escalationsOf(evidence)].flatMap(([fact, { incident }]) =>
    fact.kind === "written" && fact.after.runId === runId && incident.kind === "compensation" ? [incident.cause] : [],
  );
  const texts = [...causes, String(end?.cause ?? "")];
  return new Set(texts.flatMap((text) => [...text.matchAll(LIST)].flatMap((match) => (match[1] ?? "").split(", "))));
}

function wrongOrder(evidence: Evidence, run: RunEvidence, paths: readonly string[]): string[] {
  const { runId } = run;
  const committed = new Map<string, number>();
  for (const [index, fact] of evidence.facts.entries()) {
    if (
      fact.kind === "written" &&
      isStep(fact.after) &&
      fact.after.status === "committed" &&
      fact.after.pk.endsWith(runId)
    ) {
      committed.set(String(fact.after.path), index);
    }
  }
  const begun = new Map<string, number>();
  const all = new Set(handlersOf(evidence, runId));
  for (const [index, fact] of evidence.facts.entries()) {
    if (fact.kind === "handler" && all.has(fact) && !begun.has(fact.path)) begun.set(fact.path, index);
  }
  const at = (times: ReadonlyMap<string, number>, path: string) => times.get(path) ?? Number.POSITIVE_INFINITY;
  return paths.flatMap((first) =>
    paths
      .filter((second) => at(committed, first) < at(begun, second) && !areSideBySide(run, first, second))
      .filter((second) => at(begun, undoPath(first)) < at(committed, undoPath(second)))
      .map((second) => `${runId} ${second} came after ${first}, and ${first} was undone before it`),
  );
}

/** Whether two paths part at the branches of a parallel step, or at items that may be worked on at once. */
function areSideBySide({ agent }: RunEvidence, first: string, second: string): boolean {
  const [left, right] = [first.split("/"), second.split("/")];
  const fork = left.findIndex((segment, index) => segment !== right[index]);
  const stepOfSegment = (segment = "") => stepNamed(agent, segment.split("#")[0] ?? "");
  if (stepOfSegment(left[fork - 1])?.kind === "parallel") return true;
  const [one, other] = [stepOfSegment(left[fork]), stepOfSegment(right[fork])];
  return one?.kind === "each" && one === other && one.concurrency > 1;
}
