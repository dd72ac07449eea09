import { ErrorClass, HoldfastError, type Json, type StepEvent, type StepResult } from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import { type Actions, actionsOf } from "./actions.ts";
import { commit, open, release } from "./checkpoint.ts";
import { classify } from "./classify.ts";
import { idempotencyKey } from "./identity.ts";
import { violations } from "./json-schema.ts";
import type { StepPorts } from "./ports.ts";
import { closeRun } from "./runs.ts";
import type { StepContext, StepHandler } from "./step-context.ts";

const TIMED_OUT = "step-timed-out";

/**
 * One attempt of a step: opens its checkpoint, runs the handler unless an earlier attempt has committed, commits. On a
 * repeat the stored output comes back and the handler is not called.
 *
 * @throws HoldfastError under its class name, for the state machine's Retry and Catch.
 */
export async function runStep(
  ports: StepPorts,
  step: StepDefinition,
  handler: StepHandler,
  event: StepEvent,
): Promise<StepResult> {
  try {
    const output = await outputOfStep(ports, step, handler, event);
    if (event.final === true) await closeRun(ports, event.runId, "completed");
    return { output };
  } catch (error) {
    throw classify(error);
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
  const startedAt = ports.clock.now();
  const actions = actionsOf(ports, step, event);
  try {
    const output = await attempt(ports, step, handler, event, actions);
    return await commit(ports, step, event, { token: opened.token, output, startedAt });
  } catch (error) {
    actions.close();
    const mayStillAct = error instanceof HoldfastError && error.code === TIMED_OUT;
    if (step.effect === "write" && !mayStillAct) {
      await actions.idle();
      await Promise.allSettled([release(ports, event, opened.token)]);
    }
    throw error;
  }
}

async function attempt(
  ports: StepPorts,
  step: StepDefinition,
  handler: StepHandler,
  event: StepEvent,
  { action }: Actions,
): Promise<Json> {
  const timeUp = new AbortController();
  const context: StepContext = {
    agent: step.agent,
    runId: event.runId,
    path: event.path,
    attempt: event.attempt,
    idempotencyKey: idempotencyKey(event.runId, event.path, event.visit),
    signal: timeUp.signal,
    blobs: ports.blobs,
    action,
  };
  const cancel = ports.clock.at(ports.clock.now() + step.timeoutSeconds * 1_000, () => timeUp.abort(timedOut(step)));
  const timeout = new Promise<never>((_, reject) => {
    timeUp.signal.addEventListener("abort", () => reject(timeUp.signal.reason), { once: true });
  });
  try {
    return validated(step, await Promise.race([handler(event.input, context), timeout]));
  } finally {
    cancel();
  }
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
    TIMED_OUT,
    `Step ${step.name} took longer than its ${step.timeoutSeconds} s. It is tried again; raise its timeout if it needs longer.`,
  );
