import type { JsonPrimitive } from "../../contract/index.ts";
import type { Condition, Operand } from "../value.ts";
import { isReference } from "../value.ts";
import type { Ref } from "./reference.ts";

type Comparable<Type> = Ref<Type> | (Type & JsonPrimitive);

const operand = (side: unknown): Operand => (isReference(side) ? { $from: side.$from } : (side as JsonPrimitive));

/** Both are the same. False where one is absent. */
export const eq = <Type>(left: Ref<Type>, right: Comparable<NoInfer<Type>>): Condition => ({
  $eq: [operand(left), operand(right)],
});
/** Both are not the same. True where one is absent. */
export const ne = <Type>(left: Ref<Type>, right: Comparable<NoInfer<Type>>): Condition => ({
  $ne: [operand(left), operand(right)],
});
export const lt = <Type extends number | string>(left: Ref<Type>, right: Comparable<NoInfer<Type>>): Condition => ({
  $lt: [operand(left), operand(right)],
});
export const lte = <Type extends number | string>(left: Ref<Type>, right: Comparable<NoInfer<Type>>): Condition => ({
  $lte: [operand(left), operand(right)],
});
export const gt = <Type extends number | string>(left: Ref<Type>, right: Comparable<NoInfer<Type>>): Condition => ({
  $gt: [operand(left), operand(right)],
});
export const gte = <Type extends number | string>(left: Ref<Type>, right: Comparable<NoInfer<Type>>): Condition => ({
  $gte: [operand(left), operand(right)],
});
export const oneOf = <Type>(left: Ref<Type>, options: readonly (NoInfer<Type> & JsonPrimitive)[]): Condition => ({
  $in: [operand(left), [...options]],
});
/** It is there and not null. */
export const exists = (value: Ref<unknown>): Condition => ({ $exists: { $from: value.$from } });
export const not = (condition: Condition): Condition => ({ $not: condition });
export const and = (...conditions: [Condition, ...Condition[]]): Condition => ({ $and: conditions });
export const or = (...conditions: [Condition, ...Condition[]]): Condition => ({ $or: conditions });
