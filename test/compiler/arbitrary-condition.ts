import fc from "fast-check";
import type { Condition, Operand } from "../../lib/definition/index.ts";
import { arbitraryResult, hostileText } from "./arbitrary-agent.ts";

/** What may not be there. */
export const OPTIONAL = ["a.maybe", "a.none.deep", "a-b.maybe", "a-b.none.deep"];
const PATHS = ["a", "a.text", "a.count", "a.list", "a.none", "a.odd-name.and", "a-b", "a-b.list", ...OPTIONAL];

/** What conditions and values are about: the results of two steps. */
export const arbitraryData = fc.record({ a: arbitraryResult, "a-b": arbitraryResult });
export type ArbitraryData = typeof arbitraryData extends fc.Arbitrary<infer Type> ? Type : never;

export const reference = fc.constantFrom(...PATHS).map(($from) => ({ $from }));
export const primitive = fc.oneof(
  hostileText,
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const number = fc.constantFrom("a.count", "a-b.count").map(($from) => ({ $from }));
const word = fc.constantFrom("a.text", "a-b.text").map(($from) => ({ $from }));
const numbers = fc.tuple(number, fc.oneof(number, fc.integer({ min: -3, max: 3 }), fc.constant(1e21)));
const words = fc.tuple(word, fc.oneof(word, hostileText));
const ordered = fc.oneof(numbers, words) as fc.Arbitrary<readonly [Operand, Operand]>;
const scalars = ["a.text", "a.count", "a.flag", "a.maybe", "a.none.deep"];
const scalar = fc.constantFrom(...scalars).map(($from) => ({ $from }));
const either = fc.tuple(scalar, fc.oneof(primitive, scalar));

/** Conditions of every kind and combination that a check lets pass. */
export const { condition: arbitraryCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    either.map(($eq) => ({ $eq })),
    either.map(($ne) => ({ $ne })),
    ordered.map(($lt) => ({ $lt })),
    ordered.map(($lte) => ({ $lte })),
    ordered.map(($gt) => ({ $gt })),
    ordered.map(($gte) => ({ $gte })),
    fc.tuple(scalar, fc.array(primitive, { minLength: 1, maxLength: 3 })).map(($in) => ({ $in })),
    reference.map(($exists) => ({ $exists })),
    tie("condition").map(($not) => ({ $not })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map(($and) => ({ $and })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })),
  ),
}));
