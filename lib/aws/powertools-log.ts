import type { LogLevel } from "../contract/index.ts";
import type { Log, LogFields } from "../ports/index.ts";
import { KeptLines } from "./kept-lines.ts";
import { LineLogger } from "./line-logger.ts";

export interface PowertoolsLogOptions {
  /** Gets each line, without its end. @default standard output: CloudWatch Logs, on Lambda */
  readonly write?: (line: string) => void;
}

/**
 * A log on Powertools' Logger, one JSON object a line, in the shape of LogLine. Its level is POWERTOOLS_LOG_LEVEL, or INFO.
 *
 * Whoever says `correlation_id` by `with` begins to keep lines of debugging back: they belong to that log and those that come
 * of it, and an error on any of them writes them. Powertools' own buffer would keep them by trace; but all attempts and
 * branches of a run are one trace, and on a laptop there is none.
 *
 * What a log was made to say of each line stands: fields of a single line do not change it.
 */
export function powertoolsLog({ write = toStandardOutput }: PowertoolsLogOptions = {}): Log {
  return logOn(new LineLogger(write), {});
}

const toStandardOutput = (line: string) => process.stdout.write(`${line}\n`);

function logOn(logger: LineLogger, standing: LogFields, kept?: KeptLines): Log {
  const say = (level: LogLevel) => (message: string, fields?: LogFields) =>
    logger.say(level, message, { ...standing, ...fields, ...standing });
  const sayError = say("ERROR");
  return {
    with: (fields) => {
      const more = { ...standing, ...fields, ...standing };
      return logOn(logger, more, "correlation_id" in fields ? new KeptLines() : kept);
    },
    debug(message, fields) {
      if (logger.isVerbose) return say("DEBUG")(message, fields);
      kept?.keep(logger.lineOf("DEBUG", message, { ...standing, ...fields, ...standing }));
    },
    info: say("INFO"),
    warn: say("WARN"),
    error(message, fields) {
      const { lines, dropped } = kept?.take() ?? { lines: [], dropped: 0 };
      if (dropped > 0) say("WARN")(`${dropped} lines of debugging before these had no room.`);
      for (const line of lines) logger.repeat(line);
      sayError(message, fields);
    },
  };
}
