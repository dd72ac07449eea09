import {
  actionKey,
  ErrorClass,
  HoldfastError,
  type Json,
  runKey,
  type StepEvent,
  type StepResult,
  stepKey,
  undoPath,
} from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import type { Item } from "../ports/index.ts";
import { outputOf } from "./checkpoint.ts";
import { kept } from "./claims.ts";
import type { StepPorts } from "./ports.ts";
import { runStep } from "./run-step.ts";
import type { StepHandler } from "./step-context.ts";

/** What a compensation is given: the input and output of the step that it undoes. */
export interface Undone<Input = Json, Output = Json> {
  readonly input: Input;
  readonly output: Output;
}

export interface PlannedUndo {
  readonly step: string;
  readonly path: string;
  readonly visit: number;
}

/** The names of an agent's writes, in the order of their declaration: those that can be undone and those that last. */
export interface CompensationRequest {
  readonly runId: string;
  readonly steps: readonly string[];
  readonly lasting: readonly string[];
}

/**
 * What is to be undone, last completed first: the completed steps among those named, and those that were cut off after an
 * action. The latter cannot be undone, and their undo says so.
 *
 * @returns with it the paths of the lasting writes that were completed or cut off.
 */
export async function planCompensation(
  { store }: Pick<StepPorts, "store">,
  { runId, steps, lasting }: CompensationRequest,
): Promise<{ steps: PlannedUndo[]; lasting: string[] }> {
  const items = await store.query(runKey(runId), "STEP#");
  const actions = await store.query(runKey(runId), "ACTION#");
  const isUndone = ({ path, visit }: Item) =>
    items.some((item) => item.status === "committed" && item.path === undoPath(String(path)) && item.visit === visit);
  const hasActed = ({ path, visit }: Item) =>
    actions.some(({ sk, status }) => sk.startsWith(actionKey(String(path), Number(visit), "")) && status !== "refused");
  const openOf = (names: readonly string[]) =>
    items
      .filter(({ step }) => names.includes(String(step)))
      .filter((item) => !isUndone(item) && (item.status === "committed" || hasActed(item)))
      .sort(lastCompletedFirst(names))
      .map(plannedUndo);
  return { steps: openOf(steps), lasting: openOf(lasting).map(({ path }) => path) };
}

/** By time of completion; at the same time, by the order in which the agent declares the steps, then by path. */
function lastCompletedFirst(steps: readonly string[]) {
  const key = (item: Item) =>
    [item.committedAt ?? "~", String(steps.indexOf(String(item.step))).padStart(6, "0"), item.path].join("#");
  return (a: Item, b: Item) => (key(a) === key(b) ? 0 : key(a) < key(b) ? 1 : -1);
}

const plannedUndo = ({ step, path, visit }: Item): PlannedUndo => ({
  step: String(step),
  path: String(path),
  visit: Number(visit),
});

/** Undoes a completed step, as a checkpointed write of its own. Repeating it returns the stored result. */
export async function runUndo(
  ports: StepPorts,
  step: StepDefinition,
  handler: StepHandler<Undone>,
  event: Omit<StepEvent, "input">,
): Promise<StepResult> {
  const { runId, path, visit } = event;
  const item = await ports.store.get({ pk: runKey(runId), sk: stepKey(path, visit) });
  if (item?.status !== "committed") throw nothingToUndo(path);
  const undo: StepDefinition = { ...step, name: `undo ${step.name}`, effect: "write", output: {}, undoable: false };
  const input = { input: await inputOf(ports, item), output: await outputOf(ports, item) };
  const run: StepHandler = (_, context) => handler(input, context);
  return runStep(ports, undo, run, { ...event, path: undoPath(path), input: null });
}

const inputOf = (ports: StepPorts, item: Item) => kept(ports, item, "input");

const nothingToUndo = (path: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "nothing-to-undo",
    `${path} was cut off before it was completed: what it did is not known, so it cannot be undone. Look at its actions.`,
  );
