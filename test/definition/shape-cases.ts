import { agent, ifPaid, type Raw, task } from "./documents.ts";
import type { ProblemCase } from "./problem-case.ts";

const steps = (...list: Raw[]) => agent({ steps: list });
const hours = (changes: Raw) =>
  agent({
    escalations: {
      desk: { tiers: [{ audience: "desk", within: "4h", hours: { zone: "Europe/Zurich", ...changes } }] },
    },
  });
const hoursProblem = (property: string, message: string) => ({
  code: "invalid-shape" as const,
  path: `escalations.desk.tiers[0].hours.${property}`,
  message,
});

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
  {
    title: "working hours in a zone that there is not",
    document: hours({ zone: "Europe/Zürich" }),
    problem: hoursProblem("zone", 'must be an IANA time zone, such as "Europe/Zurich"'),
  },
  {
    title: "working hours that end before they begin",
    document: hours({ from: "17:00", to: "09:00" }),
    problem: hoursProblem("to", "must end after they begin, on the same day"),
  },
  {
    title: "working hours that end when they begin",
    document: hours({ from: "24:00", to: "24:00" }),
    problem: hoursProblem("to", "must end after they begin, on the same day"),
  },
  {
    title: "a time that there is not",
    document: hours({ to: "24:30" }),
    problem: hoursProblem("to", 'must be a time such as "08:30", at most "24:00"'),
  },
  {
    title: "a day of the week that there is not",
    document: hours({ days: ["mon", "friday"] }),
    problem: hoursProblem("days[1]", 'Invalid option: expected one of "mon"|"tue"|"wed"|"thu"|"fri"|"sat"|"sun"'),
  },
  {
    title: "working hours on no day",
    document: hours({ days: [] }),
    problem: hoursProblem("days", "Too small: expected array to have >=1 items"),
  },
  {
    title: "a holiday that there is not",
    document: hours({ holidays: ["2026-02-29"] }),
    problem: hoursProblem("holidays[0]", "Invalid ISO date"),
  },
];
