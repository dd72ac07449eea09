import {
  actionKey,
  type Decided,
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
import { isWritten } from "./action-record.ts";
import { busy, isTakeable, outputOf } from "./checkpoint.ts";
import { kept } from "./claims.ts";
import type { StepPorts } from "./ports.ts";
import { type WrittenCall, writtenCalls } from "./reason/index.ts";
import { recordDecisions } from "./record-decisions.ts";
import { runStep } from "./run-step.ts";
import { type GivenUpFor, giveUpRun } from "./runs.ts";
import type { StepHandler } from "./step-context.ts";

/** What a compensation is given: the input and output of the step that it undoes. */
export interface Undone<Input = Json, Output = Json> {
  readonly input: Input;
  /** Null where a reasoning step was given up before it had one. */
  readonly output: Output;
  /** What a reasoning step has written, in order; absent of a task. */
  readonly calls?: readonly WrittenCall[];
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
  /** What the run is given up for. */
  readonly incident?: GivenUpFor;
  /** Ways that the state machine took since the last function that kept them. */
  readonly decided?: readonly Decided[];
}

/**
 * What is to be undone, last one first: the completed steps among those named, and those that were cut off after a
 * write. Of the latter only reasoning steps can be undone, whose calls are known; the undo of others says so. From now on
 * no write of the run begins, and none that was cut off is completed.
 *
 * @returns with it the paths of the lasting writes that were completed or cut off.
 * @throws Holdfast.StepBusy while a write is under way, in a branch that nobody waits for any more.
 */
export async function planCompensation(
  ports: Pick<StepPorts, "store" | "clock" | "owner">,
  { runId, steps, lasting, incident, decided = [] }: CompensationRequest,
): Promise<{ steps: PlannedUndo[]; lasting: string[] }> {
  const { store } = ports;
  await giveUpRun(ports, runId, incident);
  await recordDecisions(ports, { runId, path: "compensate", at: decided.at(-1)?.at ?? "", decided });
  const items = await store.query(runKey(runId), "STEP#");
  for (const item of items) if (item.status === "leased") await cutOff(ports, item);
  const actions = await store.query(runKey(runId), "ACTION#");
  const isUndone = ({ path, visit }: Item) =>
    items.some((item) => item.status === "committed" && item.path === undoPath(String(path)) && item.visit === visit);
  const hasActed = ({ path, visit }: Item) =>
    actions.some((item) => item.sk.startsWith(actionKey(String(path), Number(visit), "")) && isWritten(item));
  const openOf = (names: readonly string[]) =>
    items
      .filter(({ step }) => names.includes(String(step)))
      .filter((item) => !isUndone(item) && (item.status === "committed" || hasActed(item)))
      .sort(lastDeclaredFirst(names))
      .map(plannedUndo);
  return { steps: openOf(steps), lasting: openOf(lasting).map(({ path }) => path) };
}

/** Takes the right to commit from an attempt that is over. @throws Holdfast.StepBusy when it is not, or commits meanwhile. */
async function cutOff(ports: Pick<StepPorts, "store" | "clock" | "owner">, lease: Item): Promise<void> {
  if (lease.cutOff === true) return;
  const token = Number(lease.token);
  const held = { kind: "matches", attributes: { token, status: "leased" } } as const;
  const isOver = isTakeable(ports, lease);
  const cut = isOver && (await ports.store.update(lease, { set: { token: token + 1, cutOff: true } }, held)).applied;
  if (!cut) throw busy({ path: String(lease.path) });
}

/**
 * What the agent declares later is undone first, and later items of an `each` before earlier ones. Clocks are not asked:
 * those of two functions differ. Where steps ran side by side, no order is owed.
 */
function lastDeclaredFirst(steps: readonly string[]) {
  return (a: Item, b: Item): number => {
    const [left, right] = [segmentsOf(a), segmentsOf(b)];
    const fork = left.findIndex((segment, index) => segment !== right[index]);
    const [one = [], other = []] = [left[fork], right[fork]].map((segment = "") => segment.split("#"));
    if (one[0] === other[0] && one[1] !== other[1]) return Number(other[1]) - Number(one[1]);
    return steps.indexOf(String(b.step)) - steps.indexOf(String(a.step));
  };
}

/** `lines#2/book` is step `book` of item 2 of `lines`. */
const segmentsOf = ({ path }: Item) => String(path).split("/");

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
  if (item === undefined) throw nothingToUndo(path);
  const undone = await undoneOf(ports, step, item);
  const run: StepHandler = (_, context) => handler(undone, context);
  return runStep(ports, undoDefinition(step), run, { ...event, path: undoPath(path), input: null });
}

/** The undoing of a step, as a step. */
export const undoDefinition = (step: StepDefinition): StepDefinition => ({
  ...step,
  name: `undo ${step.name}`,
  effect: "write",
  output: {},
  undoable: false,
  gated: false,
  undoes: true,
  retries: step.undoRetries ?? {},
});

/** @throws Holdfast.Permanent, code `nothing-to-undo`: it is not known what the step has done. */
async function undoneOf(ports: StepPorts, { reason }: StepDefinition, item: Item): Promise<Undone> {
  const isCommitted = item.status === "committed";
  if (!isCommitted && reason === undefined) throw nothingToUndo(String(item.path));
  const [input, output, calls] = await Promise.all([
    kept(ports, item, "input"),
    isCommitted ? outputOf(ports, item) : null,
    reason === undefined ? undefined : callsOf(ports, item),
  ]);
  return { input, output, ...(calls === undefined ? {} : { calls }) };
}

async function callsOf(ports: StepPorts, { pk, path, visit }: Item): Promise<readonly WrittenCall[]> {
  const prefix = actionKey(String(path), Number(visit), "");
  const actions = new Map((await ports.store.query(pk, prefix)).map((item) => [item.sk.slice(prefix.length), item]));
  if ([...actions.values()].some(({ status }) => status === "intent")) throw nothingToUndo(String(path));
  return writtenCalls(ports, actions);
}

const nothingToUndo = (path: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "nothing-to-undo",
    `${path} was cut off before it was completed: what it did is not known, so it cannot be undone. Look at its actions.`,
  );
