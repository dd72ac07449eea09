import { emfMetrics, systemClock } from "../../lib/aws/index.ts";
import type { StepEvent } from "../../lib/contract/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";

const metrics = emfMetrics(systemClock);

/** The Lambda handler of a step of an agent: counts attempts that fail, by error class, and those after the first. */
export const stepHandler = <Event extends Pick<StepEvent, "attempt">, Result>(
  agent: string,
  run: (event: Event) => Promise<Result>,
) =>
  lambdaHandler(async (event: Event): Promise<Result> => {
    if (event.attempt > 1) metrics.record({ agent, values: { stepRetries: 1 } });
    try {
      return await run(event);
    } catch (error) {
      const failure = classify(error);
      metrics.record({ agent, errorClass: failure.name, values: { stepFailures: 1 } });
      throw failure;
    }
  });
