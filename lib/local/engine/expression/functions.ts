import { createHash } from "node:crypto";
import { seededChance } from "../../seeded-chance.ts";
import type { Surroundings } from "./surroundings.ts";
import { toJson } from "./to-json.ts";

interface ExtraFunction {
  readonly name: string;
  readonly signature: string;
  readonly implementation: (of: { readonly current: Surroundings }) => (...values: never[]) => unknown;
}

const HASHES = new Map([
  ["MD5", "md5"],
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);

/**
 * The functions that Step Functions adds to JSONata 2.0.6.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
 */
export const EXTRA_FUNCTIONS: readonly ExtraFunction[] = [
  { name: "partition", signature: "<a-n:a>", implementation: () => partition },
  { name: "range", signature: "<n-nn?:a<n>>", implementation: () => range },
  { name: "hash", signature: "<s-s:s>", implementation: () => hash },
  {
    name: "random",
    signature: "<n?:n>",
    implementation: (of) => (seed?: number) =>
      seed === undefined ? of.current.random() : seededChance(String(seed)).random(),
  },
  { name: "uuid", signature: "<:s>", implementation: (of) => () => of.current.uuid() },
  { name: "parse", signature: "<s-:x>", implementation: () => parse },
];

function partition(array: readonly unknown[] | undefined, size: number): unknown {
  if (array === undefined) return undefined;
  const length = Math.floor(size);
  if (length < 1) throw { code: "D3000", message: `The size of a partition must be at least 1. Given ${size}` };
  const parts = [];
  for (let start = 0; start < array.length; start += length) parts.push(array.slice(start, start + length));
  return parts;
}

const LONGEST_RANGE = 1_000_000;

function range(start: number | undefined, end: number, step = 1): unknown {
  if (start === undefined || end === undefined) return undefined;
  const [from, to, by] = [start, end, step].map(Math.floor) as [number, number, number];
  if (by === 0) throw { code: "D3000", message: "The step of a range must not be 0" };
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > LONGEST_RANGE)
    throw { code: "D2014", message: `A range holds at most ${LONGEST_RANGE} numbers. This one has ${length}` };
  const numbers = Array.from({ length }, (_, index) => from + index * by);
  return Object.defineProperty(numbers, "sequence", { value: true });
}

function hash(text: string | undefined, algorithm: string): unknown {
  if (text === undefined) return undefined;
  const name = HASHES.get(algorithm);
  if (name === undefined)
    throw {
      code: "D3000",
      message: `Unknown hash algorithm ${algorithm}. Use one of ${[...HASHES.keys()].join(", ")}`,
    };
  return createHash(name).update(text).digest("hex");
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return toJson(JSON.parse(text)).value;
  } catch (cause) {
    throw { code: "D3000", message: `The argument of the parse function is not JSON: ${String(cause)}` };
  }
}
