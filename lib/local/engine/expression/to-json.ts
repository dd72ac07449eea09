import type { Json } from "../../../contract/index.ts";
import { bareObject } from "./bare-object.ts";
import { bytesOf, bytesOfNumber, bytesOfText } from "./size.ts";

/** JSON data of the engine's own: objects without a prototype, shared with nobody who could change it. */
export interface Measured {
  readonly value: Json;
  /** Length as UTF-8 JSON. */
  readonly bytes: number;
}

/** What no value in an engine may exceed, whatever its use: the size of an API request. */
const LARGEST_VALUE_BYTES = 16 * 1024 * 1024;
const DEEPEST_NESTING = 1_000;

export class ValueTooLarge extends Error {
  override readonly name = "ValueTooLarge";
}

/**
 * Copies what JSON would keep of a value: functions and undefined members vanish, -0 becomes 0, NaN becomes null.
 *
 * @throws {@link ValueTooLarge} for more than 16 MiB or 1 000 levels, before memory runs out.
 */
export function toJson(source: unknown): Measured {
  const meter = { bytes: 0 };
  const value = copy(source, meter, 0) ?? null;
  return { value, bytes: value === null ? bytesOf(null) : meter.bytes };
}

/** A copy with ordinary prototypes, for others to do with as they like. */
export const toPlain = (value: Json): Json => JSON.parse(JSON.stringify(value));

interface Meter {
  bytes: number;
}

function copy(source: unknown, meter: Meter, depth: number): Json | undefined {
  switch (typeof source) {
    case "string":
      return count(meter, source.length > LARGEST_VALUE_BYTES ? source.length : bytesOfText(source), source);
    case "number":
      return copyNumber(source, meter);
    case "boolean":
      return count(meter, bytesOf(source), source);
    case "object":
      if (source === null) return count(meter, bytesOf(null), null);
      if (depth > DEEPEST_NESTING) throw new ValueTooLarge(`The value has more than ${DEEPEST_NESTING} levels.`);
      return Array.isArray(source) ? copyArray(source, meter, depth) : copyObject(source, meter, depth);
    default:
      return undefined;
  }
}

function copyNumber(source: number, meter: Meter): Json {
  if (!Number.isFinite(source)) return count(meter, bytesOf(null), null);
  const number = source === 0 ? 0 : source;
  return count(meter, bytesOfNumber(number), number);
}

function copyArray(source: readonly unknown[], meter: Meter, depth: number): Json {
  count(meter, 2 + Math.max(0, source.length - 1), undefined);
  return source.map((item) => copy(item, meter, depth + 1) ?? null);
}

function copyObject(source: object, meter: Meter, depth: number): Json {
  const plain = bareObject();
  let separator = 0;
  for (const [name, part] of Object.entries(source)) {
    const value = copy(part, meter, depth + 1);
    if (value === undefined) continue;
    count(meter, bytesOfText(name) + 1 + separator, undefined);
    separator = 1;
    plain[name] = value;
  }
  return count(meter, 2, plain);
}

function count<Value>(meter: Meter, bytes: number, value: Value): Value {
  meter.bytes += bytes;
  if (meter.bytes > LARGEST_VALUE_BYTES)
    throw new ValueTooLarge(`The value has more than ${LARGEST_VALUE_BYTES} bytes.`);
  return value;
}
