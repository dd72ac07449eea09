import type { Log } from "../../ports/index.ts";
import { loggable, loggableText } from "./loggable.ts";

/** A log that gets nothing but what {@link loggable} leaves. */
export const redactedLog = (log: Log): Log => ({
  with: (fields) => redactedLog(log.with(loggable(fields))),
  debug: (message, fields) => log.debug(loggableText(message), fields && loggable(fields)),
  info: (message, fields) => log.info(loggableText(message), fields && loggable(fields)),
  warn: (message, fields) => log.warn(loggableText(message), fields && loggable(fields)),
  error: (message, fields) => log.error(loggableText(message), fields && loggable(fields)),
});
