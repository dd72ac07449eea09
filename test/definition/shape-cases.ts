import { agent, ifPaid, type Raw, task } from "./documents.ts";
import type { ProblemCase } from "./problem-case.ts";

const steps = (...list: Raw[]) => agent({ steps: list });

/** Documents that are not what a document looks like. */
export const SHAPE_CASES: readonly ProblemCase[] = [
  {
    title: "a key that JavaScript takes for a prototype",
    document: steps(JSON.parse('{"kind":"task","name":"a","input":{"__proto__":{"polluted":true}}}')),
    problem: {
      code: "malformed-document",
      path: "steps[0].input.__proto__",
      message: "__proto__ cannot be a key. Choose another.",
    },
  },
  {
    title: "a property that there is not",
    document: steps(task({ timeouts: "5m" })),
    problem: { code: "invalid-shape", path: "steps[0]", message: 'Unrecognized key: "timeouts"' },
  },
  {
    title: "a duration without a unit",
    document: steps(task({ timeout: "90" })),
    problem: {
      code: "invalid-shape",
      path: "steps[0].timeout",
      message: 'must be a whole number and a unit (s, m, h or d), such as "30s" or "4h"',
    },
  },
  {
    title: "a duration longer than any run",
    document: steps({ kind: "wait", name: "rest", for: "366d" }),
    problem: { code: "invalid-shape", path: "steps[0].for", message: "must be at most 365d, the longest run on AWS" },
  },
  {
    title: "a handler outside the agent's folder",
    document: steps(task({ handler: "./a/../../secrets.ts" })),
    problem: { code: "invalid-shape", path: "steps[0].handler", message: "must not leave the agent's folder" },
  },
  {
    title: "a value far inside",
    document: steps(task({ input: { a: [{ b: { $from: "input." } }] } })),
    problem: {
      code: "invalid-shape",
      path: "steps[0].input.a[0].b.$from",
      message: "must be a dotted path such as input.customer or match.verdict",
    },
  },
  {
    title: "a key that would be filled in like a placeholder",
    document: steps(task({ input: { "a${step_a}": 1 } })),
    problem: {
      code: "invalid-shape",
      path: "steps[0].input.a${step_a}",
      message: "must not start with $ or hold ${: both are kept for Holdfast",
    },
  },
  {
    title: "an output that is a list",
    document: agent({ output: [{ $from: "look" }] }),
    problem: {
      code: "invalid-shape",
      path: "output",
      message: "must not be a list: name it in an object, such as { lines: [] }",
    },
  },
  {
    title: "a parallel without branches",
    document: steps({ kind: "parallel", name: "both", branches: {} }),
    problem: { code: "invalid-shape", path: "steps[0].branches", message: "needs at least one branch" },
  },
  {
    title: "an outcome that there is not",
    document: steps(task({ onFailure: "retry" })),
    problem: {
      code: "invalid-shape",
      path: "steps[0].onFailure",
      message:
        'must be "compensate", "fail", { escalate: <ladder> }, { continueWith: <output> }, or one of them by error class',
    },
  },
  {
    title: "a condition that there is not",
    document: steps({ ...ifPaid([]), branches: [{ name: "odd", when: { $like: [1, 2] }, steps: [] }] }),
    problem: {
      code: "invalid-shape",
      path: "steps[0].branches[0].when",
      message: "must have exactly one of $eq, $ne, $lt, $lte, $gt, $gte, $in, $exists, $not, $and, $or",
    },
  },
  {
    title: "a wait for nothing",
    document: steps({ kind: "wait", name: "rest" }),
    problem: { code: "invalid-shape", path: "steps[0]", message: "needs either for or until" },
  },
];
