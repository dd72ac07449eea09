import type { Clock, Log, Metrics, Tracer } from "../../ports/index.ts";

/** Who is told what a function does. None of them fails it, and none is waited for. */
export interface Observers {
  readonly tracer: Tracer;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Pick<Clock, "now">;
}

const silent: Log = {
  with: () => silent,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** For functions that nobody looks at. */
export const UNOBSERVED: Observers = {
  tracer: { span: (_name, _annotations, work) => work({ annotate: () => undefined }), traceId: () => undefined },
  log: silent,
  metrics: { record: () => undefined },
  clock: { now: () => 0 },
};
