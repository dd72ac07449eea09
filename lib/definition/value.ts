import { z } from "zod";
import type { JsonPrimitive } from "../contract/index.ts";

/** Points at the run's input, an earlier step's output or the item of an `each`: `{ $from: "match.verdict" }`. */
export interface Reference {
  readonly $from: string;
}

/** JSON in which any part may be a {@link Reference}. */
export type Value = JsonPrimitive | Reference | readonly Value[] | { readonly [key: string]: Value };

/** One side of a comparison. */
export type Operand = JsonPrimitive | Reference;

/** A yes-or-no question about earlier results. Comparisons with something absent are false, but for `$ne`, the opposite of `$eq`. */
export type Condition =
  | { readonly $eq: readonly [Operand, Operand] }
  | { readonly $ne: readonly [Operand, Operand] }
  | { readonly $lt: readonly [Operand, Operand] }
  | { readonly $lte: readonly [Operand, Operand] }
  | { readonly $gt: readonly [Operand, Operand] }
  | { readonly $gte: readonly [Operand, Operand] }
  | { readonly $in: readonly [Operand, readonly JsonPrimitive[]] }
  | { readonly $exists: Reference }
  | { readonly $not: Condition }
  | { readonly $and: readonly Condition[] }
  | { readonly $or: readonly Condition[] };

export const isReference = (value: unknown): value is Reference =>
  typeof value === "object" && value !== null && "$from" in value && typeof value.$from === "string";

const SEGMENT = "[A-Za-z_][A-Za-z0-9_-]*";

export const ReferenceSchema: z.ZodType<Reference> = z
  .strictObject({
    $from: z
      .string()
      .max(300)
      .regex(
        new RegExp(`^${SEGMENT}(\\.${SEGMENT})*$`),
        "must be a dotted path such as input.customer or match.verdict",
      ),
  })
  .meta({ id: "Reference", description: "A dotted path: input.…, an earlier step's name, or the item of an each." });

// Spread into other unions rather than nested in them: a union that fails within another is told of at length, only for
// the next alternative to fit.
const PRIMITIVES = [z.string(), z.number(), z.boolean(), z.null()] as const;

export const ValueSchema: z.ZodType<Value> = z
  .lazy(() =>
    z.union(
      [
        ReferenceSchema,
        ...PRIMITIVES,
        z.array(ValueSchema),
        z.record(
          z.string().regex(/^(?!\$)(?!.*\$\{)/s, "must not start with $ or hold ${: both are kept for Holdfast"),
          ValueSchema,
        ),
      ],
      "must be JSON, in which { $from: <path> } is a reference",
    ),
  )
  .meta({ id: "Value", description: "JSON in which any part may be a reference." });

/** What a run, a branch or an item yields. */
export const OutputSchema: z.ZodType<Value> = ValueSchema.refine(
  (value) => !Array.isArray(value),
  "must not be a list: name it in an object, such as { lines: [] }",
).meta({ id: "Output", description: "A value that is not a list." });

const operand = z.union([ReferenceSchema, ...PRIMITIVES], "must be a text, a number, a boolean, null or a reference");
const pair = z.tuple([operand, operand]);

export const ConditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.union(
      [
        z.strictObject({ $eq: pair }),
        z.strictObject({ $ne: pair }),
        z.strictObject({ $lt: pair }),
        z.strictObject({ $lte: pair }),
        z.strictObject({ $gt: pair }),
        z.strictObject({ $gte: pair }),
        z.strictObject({ $in: z.tuple([operand, z.array(z.union(PRIMITIVES)).min(1)]) }),
        z.strictObject({ $exists: ReferenceSchema }),
        z.strictObject({ $not: ConditionSchema }),
        z.strictObject({ $and: z.array(ConditionSchema).min(1) }),
        z.strictObject({ $or: z.array(ConditionSchema).min(1) }),
      ],
      "must have exactly one of $eq, $ne, $lt, $lte, $gt, $gte, $in, $exists, $not, $and, $or",
    ),
  )
  .meta({ id: "Condition", description: "A yes-or-no question about earlier results." });
