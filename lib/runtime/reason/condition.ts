import { type Json, valueAt } from "../../contract/index.ts";
import type { Condition, Operand, Reference } from "../../definition/index.ts";

export type Data = Readonly<Record<string, Json>>;

/** Whether a condition holds of data that is at hand. As in a state machine, comparisons with something absent are false, and `$ne` is the opposite of `$eq`. */
export function holds(condition: Condition, data: Data): boolean {
  const side = (operand: Operand) => (isReference(operand) ? valueAt(data, operand.$from) : operand);
  const compared = ([left, right]: readonly [Operand, Operand], is: (order: number) => boolean) => {
    const order = orderOf(side(left), side(right));
    return order !== undefined && is(order);
  };
  if ("$eq" in condition) return same(side(condition.$eq[0]), side(condition.$eq[1]));
  if ("$ne" in condition) return !same(side(condition.$ne[0]), side(condition.$ne[1]));
  if ("$lt" in condition) return compared(condition.$lt, (order) => order < 0);
  if ("$lte" in condition) return compared(condition.$lte, (order) => order <= 0);
  if ("$gt" in condition) return compared(condition.$gt, (order) => order > 0);
  if ("$gte" in condition) return compared(condition.$gte, (order) => order >= 0);
  if ("$in" in condition) return condition.$in[1].some((value) => same(side(condition.$in[0]), value));
  if ("$and" in condition) return condition.$and.every((part) => holds(part, data));
  if ("$or" in condition) return condition.$or.some((part) => holds(part, data));
  if ("$not" in condition) return !holds(condition.$not, data);
  const value = valueAt(data, condition.$exists.$from);
  return value !== undefined && value !== null;
}

const isReference = (operand: Operand): operand is Reference => typeof operand === "object" && operand !== null;

const same = (left: Json | undefined, right: Json | undefined) => left !== undefined && left === right;

function orderOf(left: Json | undefined, right: Json | undefined): number | undefined {
  const isComparable = (value: Json | undefined): value is string | number =>
    typeof value === "string" || typeof value === "number";
  if (!isComparable(left) || !isComparable(right) || typeof left !== typeof right) return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}
