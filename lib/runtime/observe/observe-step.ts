import { isPause, type Json, type StepEvent, type StepResult, undoPath } from "../../contract/index.ts";
import type { StepDefinition } from "../../definition/index.ts";
import { classify } from "../classify/index.ts";
import type { StepHandler } from "../step-context.ts";
import { type ObservedHandler, observedContext } from "./observed-context.ts";
import type { Observers } from "./observers.ts";

type Attempt = Pick<StepEvent, "runId" | "path" | "attempt" | "traceId">;

/**
 * One attempt of a step, as others see it: a span with a span for each action, a line in the log, duration, retries and
 * failures by class.
 *
 * @param run the attempt itself, with a handler whose context lacks what is added here, and an event that names the trace.
 * @throws HoldfastError the attempt's failure, under its class name.
 */
export function observeStep<Input = Json, Event extends Attempt = Attempt>(
  { tracer, log, metrics, clock }: Observers,
  step: Pick<StepDefinition, "agent" | "name" | "effect" | "undoes">,
  event: Event,
  handler: ObservedHandler<Input>,
  run: (handler: StepHandler<Input>, event: Event) => Promise<StepResult>,
): Promise<StepResult> {
  const { agent, name, effect } = step;
  const { runId, attempt } = event;
  const path = step.undoes === true ? undoPath(event.path) : event.path;
  const about = { agent, step: name, path, attempt };
  const startedAt = clock.now();

  return tracer.span(name, { run: runId, ...about, effect }, async (span) => {
    const traceId = tracer.traceId();
    const traced = traceId === undefined ? {} : { xray_trace_id: traceId };
    const own = log.with({ correlation_id: runId, ...traced, ...about });
    const measured = () => {
      const ms = clock.now() - startedAt;
      metrics.record({ agent, values: { stepDuration: ms, ...(attempt > 1 ? { stepRetries: 1 } : {}) } });
      return { effect, ms };
    };
    try {
      const observed: StepHandler<Input> = (input, context) =>
        handler(input, observedContext(context, { tracer, log: own }));
      const result = await run(observed, { ...event, ...(traceId === undefined ? {} : { traceId }) });
      span.annotate({ outcome: "completed" });
      own.info("attempt completed", measured());
      return result;
    } catch (error) {
      const failure = classify(error);
      const { name: errorClass, code } = failure;
      const outcome = isPause(errorClass) ? "paused" : "failed";
      span.annotate({ outcome, error_class: errorClass, error_code: code });
      const fields = { error_class: errorClass, error_code: code, ...measured() };
      if (outcome === "paused") own.info("attempt paused", fields);
      else {
        own.error("attempt failed", fields);
        metrics.record({ agent, errorClass, values: { stepFailures: 1 } });
      }
      throw failure;
    }
  });
}
