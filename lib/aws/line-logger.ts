import { LogFormatter, Logger, LogItem, LogLevelThreshold } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import type { Json, LogLevel } from "../contract/index.ts";
import type { LogFields } from "../ports/index.ts";

/** In characters. CloudWatch Logs takes a megabyte, and asks for each of them. */
const LONGEST_LINE = 16_000;
/** What is left of a longer one. */
const LONGEST_MESSAGE = 1_000;
const LONGEST_VALUE = 200;
const MOST_FIELDS = 20;

/** Powertools' Logger, whose lines have the shape of LogLine and go where they are asked for. */
export class LineLogger extends Logger {
  /** Not there yet while Powertools builds its part, which may have something to say already. */
  private readonly write: ((line: string) => void) | undefined;

  constructor(write: (line: string) => void) {
    super({ logFormatter: new LineFormatter() });
    this.write = write;
  }

  /** Whether lines of debugging are written like any other. */
  get isVerbose(): boolean {
    return this.level <= LogLevelThreshold.DEBUG;
  }

  /** A line as of now, whatever becomes of it. Never throws. */
  lineOf(level: LogLevel, message: string, fields: LogFields): string {
    try {
      const line = this.#format(level, message, fields);
      return line.length <= LONGEST_LINE ? line : this.#format(level, message, shortened(fields));
    } catch (error) {
      // A value that cannot be written must not break what it tells of.
      return this.#format(level, message, { unwritable: error instanceof Error ? error.name : typeof error });
    }
  }

  say(level: LogLevel, message: string, fields: LogFields): void {
    if (LogLevelThreshold[level] >= this.level) this.write?.(this.lineOf(level, message, fields));
  }

  /** Writes a line that was kept back. */
  repeat(line: string): void {
    this.write?.(line);
  }

  /** What Powertools says of its own accord. */
  protected override printLog(_level: number, item: LogItem): void {
    this.write?.(JSON.stringify(item.getAttributes()));
  }

  #format(level: LogLevel, message: string, fields: LogFields): string {
    const text = message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
    const item = this.createAndPopulateLogItem(LogLevelThreshold[level], text, [fields]);
    item.prepareForPrint();
    return this.#json(item.getAttributes());
  }

  /** Powertools' replacer copes with cycles and BigInt, and takes as long as the rest of a line. */
  #json(attributes: LogAttributes): string {
    try {
      return JSON.stringify(attributes);
    } catch {
      // What plain JSON cannot say.
      return JSON.stringify(attributes, this.getJsonReplacer());
    }
  }
}

class LineFormatter extends LogFormatter {
  override formatAttributes(
    { logLevel, timestamp, message, xRayTraceId }: UnformattedAttributes,
    fields: LogAttributes,
  ): LogItem {
    const line = { level: logLevel, timestamp: timestamp.toISOString(), message, xray_trace_id: xRayTraceId };
    return new LogItem({ attributes: { ...line, ...fields } });
  }
}

function shortened(fields: LogFields): LogFields {
  const isShort = ([, value]: readonly [string, Json]) =>
    typeof value !== "object" && String(value).length <= LONGEST_VALUE;
  return { ...Object.fromEntries(Object.entries(fields).filter(isShort).slice(0, MOST_FIELDS)), cut: true };
}
