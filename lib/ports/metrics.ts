import type { ErrorClass, MetricKey, RunOutcome } from "../contract/index.ts";

/** Values of an agent, as of now. */
export interface Measurement {
  readonly agent: string;
  /** Told of step failures, and of nothing else. */
  readonly errorClass?: ErrorClass;
  /** Told of runs that ended, and of nothing else. */
  readonly outcome?: RunOutcome;
  readonly values: Readonly<Partial<Record<MetricKey, number>>>;
}

export interface Metrics {
  /** Never throws, and is not waited for: what is measured may be lost, what is done may not. */
  record(measurement: Measurement): void;
}
