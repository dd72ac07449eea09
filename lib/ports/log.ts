import type { Json, LogLevel } from "../contract/index.ts";

export type LogFields = Readonly<Record<string, Json>>;

/**
 * Writes lines of one shape. Nothing thrown, nothing waited for. Of what fields hold, secrets are taken out.
 *
 * Lines of debugging are kept back, and written once there is an error to explain; else they are forgotten with the invocation.
 */
export interface Log {
  /** A log that says this of each of its lines, besides what this one says. */
  with(fields: LogFields): Log;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Which lines of a run are read. */
export interface LogQuery {
  /** ISO 8601 with milliseconds; lines from then on. @default all */
  readonly since?: string;
  /** Lines of this level and those above. @default all */
  readonly level?: LogLevel;
}
