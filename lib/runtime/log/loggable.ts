import type { Json } from "../../contract/index.ts";
import type { LogFields } from "../../ports/index.ts";
import { isSecret } from "../people/secret-names.ts";
import { REDACTED, redactText } from "../people/secret-text.ts";

const MOST_VALUES = 200;
const DEEPEST = 5;
/** Of a text, in characters: read in search of secrets, and then written. */
const LONGEST_READ = 20_000;
const LONGEST_TEXT = 1_000;
const CUT = "[cut]";
/** Looking for secrets takes a while, and most of what is said is said again: names, messages. In characters and in texts. */
const LONGEST_KNOWN = 80;
const MOST_KNOWN = 500;
const known = new Map<string, string>();

/**
 * Fields as a log may show them, whatever was given: secrets known by name or form are redacted, errors are told by class and
 * code, and what is too long, too deep or too much is cut. Never throws.
 */
export function loggable(fields: LogFields): LogFields {
  try {
    return entriesOf(fields, 0, { left: MOST_VALUES });
  } catch (error) {
    // What cannot even be read: a getter or a proxy that throws.
    return { unreadable: error instanceof Error ? loggableText(error.name) : typeof error };
  }
}

export function loggableText(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const shown = redactText(text.slice(0, LONGEST_READ));
  if (text.length > LONGEST_KNOWN) return shown.length <= LONGEST_TEXT ? shown : `${shown.slice(0, LONGEST_TEXT)}…`;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, shown);
  return shown;
}

interface Room {
  left: number;
}

function entriesOf(given: object, depth: number, room: Room): Record<string, Json> {
  const shown: Record<string, Json> = {};
  for (const [key, value] of Object.entries(given)) {
    if (room.left <= 0) return { ...shown, [CUT]: true };
    if (value === undefined) continue;
    shown[loggableText(key)] = isSecret(key, value) ? REDACTED : shownOf(value, depth, room);
  }
  return shown;
}

function shownOf(value: unknown, depth: number, room: Room): Json {
  room.left -= 1;
  switch (typeof value) {
    case "string":
      return loggableText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return loggableText(String(value));
    case "object":
      return value === null ? null : partsOf(value, depth, room);
    default:
      return `[${typeof value}]`;
  }
}

function partsOf(value: object, depth: number, room: Room): Json {
  if (value instanceof Error) return errorOf(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no time]" : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEEPEST) return "[too deep]";
  if (!Array.isArray(value)) return entriesOf(value, depth + 1, room);
  const items: Json[] = [];
  for (const item of value) {
    if (room.left <= 0) return [...items, CUT];
    items.push(shownOf(item, depth + 1, room));
  }
  return items;
}

/** Without its message, which may quote what the error is about. */
function errorOf(error: Error): Json {
  const code = "code" in error && typeof error.code === "string" ? { code: loggableText(error.code) } : {};
  return { name: loggableText(error.name), ...code };
}
