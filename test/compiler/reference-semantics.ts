import type { Condition, Operand, Value } from "../../lib/definition/index.ts";

/** What an agent document means, said in plain JavaScript: compiled expressions must come to the same. */
type Data = Readonly<Record<string, unknown>>;

const ABSENT = Symbol("absent");

function follow(path: string, data: Data): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, name) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : ABSENT,
      data,
    );
}

const isReference = (value: unknown): value is { $from: string } =>
  typeof value === "object" && value !== null && "$from" in value;

/** What is absent is null. */
export function meaningOf(value: Value, data: Data): unknown {
  if (isReference(value)) {
    const found = follow(value.$from, data);
    return found === ABSENT ? null : found;
  }
  if (Array.isArray(value)) return value.map((item: Value) => meaningOf(item, data));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, meaningOf(part, data)]));
}

/** Comparisons with what is absent are false. */
export function holds(condition: Condition, data: Data): boolean {
  const side = (operand: Operand) => (isReference(operand) ? follow(operand.$from, data) : operand);
  const same = ([left, right]: readonly [Operand, Operand]) => side(left) !== ABSENT && side(left) === side(right);
  const ordered = (
    [left, right]: readonly [Operand, Operand],
    compare: (a: number | string, b: number | string) => boolean,
  ) => {
    const [a, b] = [side(left), side(right)];
    return a !== ABSENT && b !== ABSENT && compare(a as number, b as number);
  };
  if ("$eq" in condition) return same(condition.$eq);
  if ("$ne" in condition) return !same(condition.$ne);
  if ("$lt" in condition) return ordered(condition.$lt, (a, b) => a < b);
  if ("$lte" in condition) return ordered(condition.$lte, (a, b) => a <= b);
  if ("$gt" in condition) return ordered(condition.$gt, (a, b) => a > b);
  if ("$gte" in condition) return ordered(condition.$gte, (a, b) => a >= b);
  if ("$in" in condition) return condition.$in[1].some((item) => same([condition.$in[0], item]));
  if ("$exists" in condition) return ![ABSENT, null].includes(side(condition.$exists) as null);
  if ("$and" in condition) return condition.$and.every((part) => holds(part, data));
  if ("$or" in condition) return condition.$or.some((part) => holds(part, data));
  return !holds(condition.$not, data);
}
