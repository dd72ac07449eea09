import { ErrorClass, HoldfastError, type Json, type StepEvent, type StepResult } from "../contract/index.ts";
import { digestOf, type StepDefinition } from "../definition/index.ts";
import { actionsOf } from "./actions.ts";
import { type Attempt, commit, isLeased, open, release } from "./checkpoint.ts";
import { classify } from "./classify/index.ts";
import { recordFailure } from "./failures.ts";
import { idempotencyKey } from "./identity.ts";
import { violations } from "./json-schema.ts";
import { requireWithinLimits } from "./limits.ts";
import type { StepPorts } from "./ports.ts";
import { closeRun } from "./runs.ts";
import type { StepContext, StepHandler } from "./step-context.ts";

/**
 * One attempt of a step: opens its checkpoint, runs the handler unless an earlier attempt has committed, commits. On a
 * repeat the stored output comes back and the handler is not called. A failure is kept with the run.
 *
 * @throws HoldfastError under its class name, for the state machine's Retry and Catch.
 */
export async function runStep(
  ports: StepPorts,
  step: StepDefinition,
  handler: StepHandler,
  event: StepEvent,
): Promise<StepResult> {
  const startedAt = ports.clock.now();
  try {
    const output = await outputOfStep(ports, step, handler, event);
    if (event.final === true) await closeRun(ports, event.runId, "completed");
    return { output };
  } catch (error) {
    const failure = classify(error);
    // What has failed counts for more than the note of it.
    await Promise.allSettled([recordFailure(ports, step, event, failure, startedAt)]);
    await heldBack(ports, failure, startedAt + step.timeoutSeconds * 1_000);
    throw failure;
  }
}

async function outputOfStep(
  ports: StepPorts,
  step: StepDefinition,
  handler: StepHandler,
  event: StepEvent,
): Promise<Json> {
  const opened = await open(ports, step, event);
  if ("committed" in opened) return opened.committed;
  const actions = actionsOf(ports, step, event, opened);
  const time = timeOf(ports, step, opened);
  try {
    requireApproval(step, event);
    await requireWithinLimits(ports, step, event);
    const context: StepContext = {
      agent: step.agent,
      runId: event.runId,
      path: event.path,
      attempt: event.attempt,
      get idempotencyKey() {
        return idempotencyKey(event.runId, event.path, event.visit);
      },
      signal: time.signal,
      blobs: ports.blobs,
      approvals: approvalsOf(event),
      remainingMs: () => opened.deadline - ports.clock.now(),
      action: actions.action,
    };
    const output = validated(step, await Promise.race([handler(event.input, context), time.up]));
    const cost = await actions.complete();
    await actions.settle();
    return await commit(ports, step, event, opened, { output, cost });
  } catch (error) {
    actions.close();
    // That the time is up is what went wrong, and known.
    const isQuiet = !time.signal.aborted && (await Promise.race([actions.idle(), time.up.catch(() => false)]));
    if (isQuiet) {
      // It must not hide what went wrong before; what is not given back here runs out by itself.
      await Promise.allSettled([actions.settle(), ...(isLeased(step) ? [release(ports, event, opened)] : [])]);
    }
    throw classify(error, step.errors, ports.clock.now());
  } finally {
    time.stop();
  }
}

/** What runs is what people have approved, to the last digit. */
function requireApproval({ gated, name }: StepDefinition, { approved, input }: StepEvent): void {
  if (!gated || approved === digestOf(input)) return;
  throw new HoldfastError(
    ErrorClass.Denied,
    "not-approved",
    `What step ${name} was about to write is not what people have approved. Nothing was written. Abort the run, and find out what has changed its input since.`,
  );
}

/** Whoever says when to come back is not asked before, as far as the attempt's time reaches. */
async function heldBack({ clock }: StepPorts, { retryAfterSeconds = 0 }: HoldfastError, deadline: number) {
  const until = Math.min(clock.now() + retryAfterSeconds * 1_000, deadline);
  if (until > clock.now()) await new Promise<void>((resolve) => clock.at(until, resolve));
}

/** The time of an attempt: `up` fails when it is over. */
function timeOf({ clock }: StepPorts, step: StepDefinition, { deadline }: Attempt) {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = clock.at(deadline, () => controller.abort(timedOut(step)));
  const up = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // Nobody may be waiting any more when it fails.
  up.catch(() => undefined);
  return { signal, up, stop };
}

/** The output as JSON keeps it, checked against its schema. */
function validated(step: StepDefinition, output: unknown): Json {
  const json = JSON.parse(JSON.stringify(output ?? null)) as Json;
  const wrong = violations(step.output, json);
  if (wrong === undefined) return json;
  const message = `Step ${step.name} returned what its output schema does not allow. ${wrong} Fix the handler or the schema.`;
  throw new HoldfastError(ErrorClass.InvalidOutput, "invalid-output", message);
}

const timedOut = (step: StepDefinition) =>
  new HoldfastError(
    ErrorClass.Transient,
    "step-timed-out",
    `Step ${step.name} took longer than its ${step.timeoutSeconds} s. It is tried again; raise its timeout if it needs longer.`,
  );

/** What people have approved for a step while it was under way. */
const approvalsOf = ({ path, decided = [] }: StepEvent): readonly string[] =>
  decided.flatMap((way) => (way.kind === "approval" && way.path === path ? [way.chosen] : []));
