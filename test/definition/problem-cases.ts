import { agent, desk, each, ifPaid, known, ORDER, type Raw, task, wait } from "./documents.ts";
import { PEOPLE_CASES } from "./people-cases.ts";
import type { ProblemCase } from "./problem-case.ts";
import { REASON_CASES } from "./reason-cases.ts";
import { SHAPE_CASES } from "./shape-cases.ts";
import { NEED_CASES, TRIGGER_CASES } from "./trigger-cases.ts";

const steps = (...list: Raw[]) => agent({ steps: list });
const input = (from: string) => task({ input: { value: { $from: from } } });
const compared = (left: unknown, right: unknown, operator = "$lt") =>
  steps({ ...ifPaid([]), branches: [{ name: "less", when: { [operator]: [left, right] }, steps: [] }] });

/** One thing wrong with a document, and the one problem that tells of it. */
export const PROBLEM_CASES: readonly ProblemCase[] = [
  ...SHAPE_CASES,
  ...PEOPLE_CASES,
  ...TRIGGER_CASES,
  ...NEED_CASES,
  ...REASON_CASES,
  {
    title: "two steps of one name",
    document: steps(task(), each({ steps: [task()] })),
    problem: {
      code: "duplicate-name",
      path: "steps[1].steps[0].name",
      message: "look is used already, by a step, an item or a ladder. Choose another name.",
    },
  },
  {
    title: "an item with the name of a ladder",
    document: agent({ steps: [each({ as: "desk" })], escalations: { desk } }),
    problem: {
      code: "duplicate-name",
      path: "steps[0].as",
      message: "desk is used already, by a step, an item or a ladder. Choose another name.",
    },
  },
  {
    title: "two branches of one name",
    document: steps({
      ...ifPaid([]),
      branches: ["paid", "paid"].map((name) => ({ name, when: { $exists: { $from: "input" } }, steps: [] })),
    }),
    problem: {
      code: "duplicate-name",
      path: "steps[0].branches[1].name",
      message: "Another branch of route is called paid already. Choose another name.",
    },
  },
  {
    title: "a name that compiled machines use",
    document: steps(task({ name: "states" })),
    problem: {
      code: "reserved-name",
      path: "steps[0].name",
      message: "states is kept for Holdfast itself. Choose another name.",
    },
  },
  {
    title: "a step that there is not",
    document: steps(input("loook.ok")),
    problem: {
      code: "unknown-reference",
      path: "steps[0].input.value",
      message: "loook.ok: there is no loook here. Allowed: input.",
    },
  },
  {
    title: "a property that the schema does not have",
    document: steps(task(), task({ name: "next", input: { list: [{ $from: "look.okay" }] } })),
    problem: {
      code: "unknown-reference",
      path: "steps[1].input.list[0]",
      message: "look.okay: there is no okay here. Allowed: ok.",
    },
  },
  {
    title: "a step inside another",
    document: steps(each({ steps: [task()] }), task({ name: "next", input: { $from: "look" } })),
    problem: {
      code: "unknown-reference",
      path: "steps[1].input",
      message: "look: there is no look here. Allowed: input or items.",
    },
  },
  {
    title: "a reference in a stand-in output",
    document: steps(task({ onFailure: { ...restFails(), "Holdfast.Denied": { continueWith: { $from: "gone" } } } })),
    problem: {
      code: "unknown-reference",
      path: "steps[0].onFailure.Holdfast.Denied.continueWith",
      message: "gone: there is no gone here. Allowed: input.",
    },
  },
  {
    title: "a step in a branch that may not be taken",
    document: steps(ifPaid([task()]), task({ name: "next", input: { ok: { $from: "look.ok" } } })),
    problem: {
      code: "step-may-not-have-run",
      path: "steps[1].input.ok",
      message:
        "look.ok: step look is in a branch that may not be taken. Refer to it inside that branch, or move it before the choice.",
    },
  },
  {
    title: "items that may be null",
    document: agent({
      input: {
        type: "object",
        properties: { lines: { anyOf: [{ type: "array", maxItems: 3 }, { type: "null" }] } },
        required: ["lines"],
      },
      steps: [each()],
    }),
    problem: {
      code: "may-be-absent",
      path: "steps[0].items",
      message: "input.lines may be absent or null, and the step cannot do without it. Make it required in its schema.",
    },
  },
  {
    title: "an order of a number and a text",
    document: compared({ $from: "input.total" }, "10"),
    problem: {
      code: "not-comparable",
      path: "steps[0].branches[0].when.$lt",
      message:
        "Compares number with string. Only two numbers or two strings, never null, have an order: name a property whose schema says so.",
    },
  },
  {
    title: "an order of what may be absent",
    document: compared({ $from: "input.note" }, "b", "$gte"),
    problem: {
      code: "not-comparable",
      path: "steps[0].branches[0].when.$gte",
      message:
        "Compares string or null with string. Only two numbers or two strings, never null, have an order: name a property whose schema says so.",
    },
  },
  {
    title: "an order of what a stand-in output lacks",
    document: steps(task({ output: ORDER, onFailure: { continueWith: { id: "none" } } }), {
      ...ifPaid([]),
      branches: [{ name: "less", when: { $lt: [{ $from: "look.total" }, 5] }, steps: [] }],
    }),
    problem: {
      code: "not-comparable",
      path: "steps[1].branches[0].when.$lt",
      message:
        "Compares number or null with number. Only two numbers or two strings, never null, have an order: name a property whose schema says so.",
    },
  },
  {
    title: "a wait until something that is no time",
    document: steps({ kind: "wait", name: "rest", until: { $from: "input.id" } }),
    problem: {
      code: "not-a-time",
      path: "steps[0].until",
      message: "input.id must be a string with format: date-time in its schema. Example: z.iso.datetime().",
    },
  },
  {
    title: "an approval by nobody",
    document: steps({ kind: "approval", name: "ask", ladder: "constructor", request: {} }),
    problem: {
      code: "unknown-ladder",
      path: "steps[0].ladder",
      message: "There is no ladder constructor. Allowed: nothing; ladders are declared under escalations.",
    },
  },
  {
    title: "a failure that goes to nobody",
    document: agent({ steps: [task({ onFailure: { escalate: "dask" } })], escalations: { desk } }),
    problem: {
      code: "unknown-ladder",
      path: "steps[0].onFailure.escalate",
      message: "There is no ladder dask. Allowed: desk; ladders are declared under escalations.",
    },
  },
  {
    title: "a gate of nobody",
    document: agent({ steps: [task({ effect: "write", gate: { ladder: "board" } })], escalations: { desk } }),
    problem: {
      code: "unknown-ladder",
      path: "steps[0].gate.ladder",
      message: "There is no ladder board. Allowed: desk; ladders are declared under escalations.",
    },
  },
  {
    title: "a default ladder that there is not",
    document: agent({ escalations: { desk }, defaultLadder: "board" }),
    problem: {
      code: "unknown-ladder",
      path: "defaultLadder",
      message: "There is no ladder board. Allowed: desk.",
    },
  },
  {
    title: "several ladders and no default",
    document: agent({ escalations: { desk, board: desk } }),
    problem: {
      code: "no-default-ladder",
      path: "defaultLadder",
      message: "Several ladders are declared and none is the default. Name one: desk or board.",
    },
  },
  {
    title: "error classes that lead nowhere",
    document: steps(task({ onFailure: restFails() })),
    problem: {
      code: "error-class-without-edge",
      path: "steps[0].onFailure",
      message:
        "Holdfast.Denied of step look leads nowhere. Declare onFailure (escalate, compensate, fail or continueWith), or a ladder under escalations.",
    },
  },
  {
    title: "a write that nobody approves",
    document: steps(task({ effect: undefined })),
    problem: {
      code: "ungated-write",
      path: "steps[0].gate",
      message:
        'Step look writes (effect unset means write) and nobody approves it. Declare a gate, a default ladder, effect: none or read, or gate: { none: "<why nobody has to approve>" }.',
    },
  },
  {
    title: "a gate before a read",
    document: agent({ steps: [task({ gate: { ladder: "desk" } })], escalations: { desk } }),
    problem: {
      code: "gate-without-write",
      path: "steps[0].gate",
      message: "Step look has effect read; only writes are gated. Remove the gate, or set effect: write.",
    },
  },
  {
    title: "a read to be undone",
    document: steps(task({ compensate: "./undo.ts" })),
    problem: {
      code: "compensation-without-write",
      path: "steps[0].compensate",
      message: "Step look has effect read; only writes are undone. Remove compensate, or set effect: write.",
    },
  },
  {
    title: "a list without a limit",
    document: steps(each({ items: { $from: "input.tags" } })),
    problem: {
      code: "each-unbounded",
      path: "steps[0].items",
      message:
        "input.tags must be a list whose schema has maxItems: without it no worst case can be known. Example: z.array(Line).max(100).",
    },
  },
  {
    title: "an end inside an item",
    document: steps(each({ steps: [ifPaid([], { steps: [], end: { output: {} } })] })),
    problem: {
      code: "end-inside-branch",
      path: "steps[0].steps[0].otherwise.end.output",
      message: "A parallel branch or an item cannot end the run. Return an output, and choose after it.",
    },
  },
  {
    title: "a step after every way has ended",
    document: steps(
      { ...ifPaid([], { steps: [ended()] }), branches: [{ ...paidBranch(), end: { output: {} } }] },
      wait("never"),
    ),
    problem: {
      code: "unreachable-step",
      path: "steps[1]",
      message: "Every way to step never ends the run before. Remove the step, or one of the ends.",
    },
  },
  {
    title: "a rule behind a broader one",
    document: steps(
      task({
        errors: [
          { when: { code: "ECONNRESET" }, as: "Holdfast.Permanent" },
          { when: { status: 409 }, as: "Holdfast.Transient" },
          { when: { status: 409, code: "locked" }, as: "Holdfast.Throttled" },
        ],
      }),
    ),
    problem: {
      code: "unreachable-rule",
      path: "steps[0].errors[2]",
      message:
        "errors[2] of step look never matches: errors[1] matches all that it would, and the first match wins. Remove it, or move it before the other.",
    },
  },
  {
    title: "a rule for every error",
    document: steps(task({ errors: [{ when: {}, as: "Holdfast.Transient" }] })),
    problem: { code: "invalid-shape", path: "steps[0].errors[0].when", message: "needs a name, a code or a status" },
  },
  {
    title: "a rule for a class that only Holdfast gives",
    document: steps(task({ errors: [{ when: { status: 409 }, as: "Holdfast.Rejected" }] })),
    problem: {
      code: "invalid-shape",
      path: "steps[0].errors[0].as",
      message:
        'Invalid option: expected one of "Holdfast.Throttled"|"Holdfast.Transient"|"Holdfast.Permanent"|"Holdfast.Denied"|"Holdfast.NeedsHuman"',
    },
  },
  {
    title: "a step that takes longer than a function may",
    document: steps(task({ timeout: "16m" })),
    problem: {
      code: "timeout-too-long",
      path: "steps[0].timeout",
      message:
        "16m is longer than a Lambda function may run. Allowed: up to 895s; split the step, or wait between two.",
    },
  },
  {
    title: "a deduplication by what may be absent",
    document: agent({ triggers: [{ source: "shop", detailType: "Ordered", dedupeBy: "note" }] }),
    problem: {
      code: "unknown-dedupe-key",
      path: "triggers[0].dedupeBy",
      message: "note is not a required property of the input. Allowed: id, total, due, lines or tags.",
    },
  },
  {
    title: "a subflow that there is not",
    document: steps(subflow("child")),
    known: new Map([known("other", [])]),
    problem: {
      code: "unknown-subflow",
      path: "steps[0].agent",
      message: "There is no agent child. Allowed: other.",
    },
  },
  {
    title: "agents that run each other",
    document: steps(subflow("child")),
    known: new Map([
      known("child", [each({ steps: [subflow("grandchild")] })]),
      known("grandchild", [subflow("orders")]),
    ]),
    problem: {
      code: "subflow-cycle",
      path: "steps[0].agent",
      message: "child runs orders again, without end. Break the cycle.",
    },
  },
  {
    title: "an input that is not an object",
    document: agent({ input: { type: "string" } }),
    problem: {
      code: "unusable-schema",
      path: "input",
      message: 'The input is the detail of an event: its schema must say type: "object".',
    },
  },
];

function restFails(): Raw {
  const classes = [
    ...["Throttled", "Transient", "StepBusy", "InvalidOutput", "Permanent", "BudgetExceeded"],
    ...["UnknownOutcome", "NeedsHuman", "NeedsApproval", "Yielded"],
  ];
  return Object.fromEntries(classes.map((name) => [`Holdfast.${name}`, "fail"]));
}

function paidBranch(): Raw {
  return { name: "paid", when: { $exists: { $from: "input" } }, steps: [] };
}

function ended(): Raw {
  return {
    kind: "choose",
    name: "inner",
    branches: [{ ...paidBranch(), end: { output: {} } }],
    otherwise: { steps: [], end: { output: {} } },
  };
}

function subflow(name: string): Raw {
  return { kind: "subflow", name: "run-child", agent: name, input: {}, output: { type: "object" }, onFailure: "fail" };
}
