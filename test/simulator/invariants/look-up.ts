import { escalationKey, runKey, stepKey, undoPath } from "../../../lib/contract/index.ts";
import { allSteps, isWork, type Step, type WorkStep } from "../../../lib/definition/index.ts";
import type { Item } from "../../../lib/ports/index.ts";
import type { Incident } from "../../../lib/runtime/index.ts";
import type { Evidence, RunEvidence } from "../evidence.ts";
import type { StepPlan } from "../handlers.ts";
import type { Effect, HandlerBegan, Recorded } from "../truth.ts";

const ESCALATIONS = escalationKey("");
const UNDO = undoPath("");
const STEPS = stepKey("", 1).slice(0, "STEP#".length);

/** Whether an item is the checkpoint of a step. */
export const isStep = ({ sk }: Item) => sk.startsWith(STEPS);

/** What receivers did, in order. */
export const effectsOf = ({ facts }: Evidence): readonly Effect[] =>
  facts.flatMap((fact) => (fact.kind === "effect" ? [fact.effect] : []));

/** The calls of a loop that took effect, in order, and what came of them. */
export const callsOf = (evidence: Evidence, run: string, loop: string) =>
  effectsOf(evidence).flatMap(({ runId, path, call, receipt, deduplicated }) =>
    call === undefined || deduplicated || runId !== run || path !== loop ? [] : [{ ...call, output: { receipt } }],
  );

/** The committed checkpoints of a run as they stand at the end, undoings included. */
export const committedSteps = ({ items }: Evidence, runId: string): readonly { path: string; item: Item }[] =>
  [...items.values()]
    .filter(({ pk, sk, status }) => pk === runKey(runId) && status === "committed" && sk.startsWith(STEPS))
    .map((item) => ({ path: String(item.path), item }));

/** The step of the document that a path leads to. */
export function stepOf({ agent }: RunEvidence, path: string): WorkStep | undefined {
  const name = withoutUndo(path).slice(withoutUndo(path).lastIndexOf("/") + 1);
  return workOf(agent).get(name);
}

/** The step of a document that has a name, of whatever kind. */
export const stepNamed = ({ steps }: RunEvidence["agent"], name: string): Step | undefined =>
  [...allSteps(steps)].find((step) => step.name === name);

/** What the handler at a path does. */
export function planOf(run: RunEvidence, path: string): StepPlan | undefined {
  const step = stepOf(run, path);
  if (step === undefined) return undefined;
  if (path.endsWith(UNDO)) return run.plans.get(String(step.compensate));
  return step.kind === "task" ? run.plans.get(step.handler) : undefined;
}

export const withoutUndo = (path: string) => (path.endsWith(UNDO) ? path.slice(0, -UNDO.length) : path);

const workOf = ({ steps }: RunEvidence["agent"]): ReadonlyMap<string, WorkStep> =>
  new Map([...allSteps(steps)].filter(isWork).map((step) => [step.name, step]));

/** The beginnings of a run's handlers. */
export const handlersOf = ({ facts }: Evidence, run: string): readonly HandlerBegan[] =>
  facts.flatMap((fact) => (fact.kind === "handler" && fact.runId === run ? [fact] : []));

/** An escalation as a write left it. */
export interface Escalated {
  readonly id: string;
  readonly incident: Incident;
  readonly decision: string | undefined;
}

/** What every write of an escalation said. */
export function escalationsOf({ facts }: Evidence): ReadonlyMap<Recorded, Escalated> {
  const escalations = new Map<Recorded, Escalated>();
  for (const fact of facts) {
    if (fact.kind !== "written" || !fact.after.sk.startsWith(ESCALATIONS)) continue;
    const { id, incident, answer } = fact.after;
    if (incident === undefined) continue;
    const decision = answer === undefined ? undefined : String(JSON.parse(String(answer)).decision);
    escalations.set(fact, { id: String(id), incident: JSON.parse(String(incident)), decision });
  }
  return escalations;
}
