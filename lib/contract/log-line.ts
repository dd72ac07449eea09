import type { Json } from "./json.ts";

export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of a log, as JSON: the same on AWS and on a laptop. Never a payload, a secret or a task token. */
export interface LogLine {
  readonly level: LogLevel;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly message: string;
  /** The run's id over every wait and retry; absent where a line belongs to no run. */
  readonly correlation_id?: string;
  /** Root of the X-Ray trace, where there is one. */
  readonly xray_trace_id?: string;
  readonly agent?: string;
  readonly step?: string;
  readonly path?: string;
  readonly attempt?: number;
  readonly [field: string]: Json | undefined;
}
