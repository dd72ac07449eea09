import { emfMetrics, powertoolsLog, powertoolsTracer, systemClock } from "../../lib/aws/index.ts";
import { type Observers, redactedLog } from "../../lib/runtime/index.ts";

export const tracer = await powertoolsTracer();

/** Who is told what a function does: X-Ray, CloudWatch Logs and, by way of them, CloudWatch. */
export const observers: Observers = {
  tracer,
  log: redactedLog(powertoolsLog()),
  metrics: emfMetrics(systemClock),
  clock: systemClock,
};
