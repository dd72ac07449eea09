import type { JsonObject } from "../../lib/contract/index.ts";

/** What is wrong with an agent, and what `why` must say of a run of it. */
export interface FaultCase {
  readonly fault: string;
  /** What the agent's declaration has beyond one step, `work`. */
  readonly agent?: Record<string, unknown>;
  /** What `work` declares beyond the usual. */
  readonly work?: Record<string, unknown>;
  /** Body of the handler of `work`, given `input` and `context`. */
  readonly handler: string;
  readonly detail?: JsonObject;
  /** What people decide once they are asked. */
  readonly decide?: string;
  readonly says: {
    readonly class: string;
    readonly code: string;
    /** A part of the message. */
    readonly message: string;
    /** @default "work" */
    readonly step?: string;
    /** @default "work" */
    readonly path?: string;
    readonly attempt?: number;
    readonly status?: string;
    readonly next: string;
    /** Of the first thing to do. */
    readonly act: RegExp;
  };
  /** A decision record that tells of it. @default the failure of that path and class */
  readonly record?: { readonly kind: string; readonly class?: string };
  /** What is measured of it. @default attempts of that class that failed */
  readonly measured?: { readonly errorClass: string } | { readonly outcome: string };
  /** @default the agent */
  readonly measuredOf?: string;
}

const OUTPUT = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };

export const task = (name: string, more: Record<string, unknown> = {}) => ({
  kind: "task",
  name,
  handler: `./${name}.mjs`,
  effect: "none",
  output: OUTPUT,
  retry: "none",
  ...more,
});

const named = (name: string) => `throw Object.assign(new Error("It is only a test."), { name: "Holdfast.${name}" });`;
const answered = (status: number) =>
  `throw Object.assign(new Error("The provider refused."), { $metadata: { httpStatusCode: ${status} } });`;
const REFUSED = { code: "unclassified", message: "The provider refused." };
const TESTED = { code: "unclassified", message: "It is only a test." };
const UNGATED = { effect: "write", gate: { none: "It is only a test." } };
const GOES_ON = { status: "running", next: "retry", act: /^npx holdfast why/ };
const OVER = { next: "nothing", act: /^npx holdfast run / };
const once = { transient: { retries: 1, interval: "1s", maxDelay: "1s" }, preset: "none" };
const asked = (name: string, decision = "retry") =>
  ({
    class: `Holdfast.${name}`,
    next: "people",
    act: new RegExp(`^npx holdfast decide \\S+ --decision ${decision}`),
  }) as const;

export const FAULTS: readonly FaultCase[] = [
  {
    fault: "a bug of the handler",
    handler: "input.nothing.there();",
    says: { ...asked("Permanent"), code: "unclassified", message: "TypeError: Cannot read properties of undefined" },
  },
  {
    fault: "a connection that is reset, again",
    work: { retry: once },
    handler: 'throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });',
    says: { ...asked("Transient"), code: "unclassified", message: "read ECONNRESET", attempt: 2 },
  },
  {
    fault: "a provider that throttles",
    handler: answered(429),
    says: { ...asked("Throttled"), ...REFUSED },
  },
  {
    fault: "a provider that is down",
    handler: answered(503),
    says: { ...asked("Transient"), ...REFUSED },
  },
  {
    fault: "a provider that knows nothing of it",
    handler: answered(404),
    says: { ...asked("Permanent"), ...REFUSED },
  },
  {
    fault: "a provider that refuses",
    handler: answered(403),
    says: { ...asked("Denied"), ...REFUSED },
  },
  {
    fault: "a failure whose retry is still to come",
    work: { retry: { preset: "none", transient: { retries: 3, interval: "50m", maxDelay: "1h" } } },
    handler: answered(503),
    says: { class: "Holdfast.Transient", ...REFUSED, ...GOES_ON },
    record: { kind: "retry" },
  },
  {
    fault: "an output that breaks its schema",
    handler: 'return { n: "many" };',
    says: { ...asked("InvalidOutput"), code: "invalid-output", message: 'n: Instance type "string" is invalid' },
  },
  {
    fault: "an output that is no JSON",
    handler: "return { n: 1n };",
    says: { ...asked("Permanent"), code: "unclassified", message: "serialize a BigInt" },
  },
  {
    fault: "an output that is too large",
    handler: 'return { n: 1, text: "x".repeat(300_000) };',
    says: { ...asked("Permanent"), code: "output-too-large", message: "returned 300017 bytes; at most 250000" },
  },
  {
    fault: "a step that takes too long",
    work: { timeout: "1s" },
    handler: "await new Promise(() => undefined);",
    says: { ...asked("Transient"), code: "step-timed-out", message: "took longer than its 1 s" },
  },
  {
    fault: "a step that asks for help",
    handler: named("NeedsHuman"),
    says: { ...asked("NeedsHuman", "override"), ...TESTED },
  },
  {
    fault: "a policy that refuses",
    handler: named("Denied"),
    says: { ...asked("Denied"), ...TESTED },
  },
  {
    fault: "another attempt that holds the lease",
    work: { ...UNGATED },
    handler: named("StepBusy"),
    says: { class: "Holdfast.StepBusy", ...TESTED, ...GOES_ON },
    record: { kind: "retry" },
  },
  {
    fault: "a write whose outcome nobody knows",
    work: { ...UNGATED, retry: once },
    handler:
      'await context.action("pay", async () => { throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }); });',
    says: {
      ...asked("UnknownOutcome", "override"),
      code: "unknown-outcome",
      message: "Action pay of step work was begun and its outcome was never recorded",
      attempt: 2,
    },
  },
  {
    fault: "actions that differ from attempt to attempt",
    work: { ...UNGATED, retry: once },
    handler: `await context.action("a" + context.attempt, async () => 1); ${answered(503)}`,
    says: {
      ...asked("Permanent"),
      code: "actions-diverged",
      message: "action number 1 was a1 and is a2 now",
      attempt: 2,
    },
  },
  {
    fault: "an action that is performed twice",
    handler: 'await context.action("a", async () => 1); await context.action("a", async () => 1);',
    says: { ...asked("Permanent"), code: "action-key-repeated", message: "uses the action key a twice" },
  },
  {
    fault: "a budget of tokens that is spent",
    agent: { budget: { tokens: 10 } },
    handler: 'await context.action("model", async () => 1, { cost: { tokens: 100 } }); return { n: 1 };',
    says: {
      ...asked("BudgetExceeded", "raise --raise tokens=100"),
      code: "budget-exceeded",
      message: "needs up to 100 tokens, of which 10 tokens are left",
    },
  },
  {
    fault: "a budget of money that is spent",
    agent: { budget: { usd: 0.1 } },
    handler: 'await context.action("model", async () => 1, { cost: { usd: 2.5 } }); return { n: 1 };',
    says: {
      ...asked("BudgetExceeded", "raise --raise usd=2.5"),
      code: "budget-exceeded",
      message: "needs up to 2.5 USD, of which 0.1 USD are left",
    },
  },
  {
    fault: "a budget of steps that is used up",
    agent: { budget: { steps: 1 }, steps: [task("first"), task("work")] },
    handler: "return { n: 1 };",
    says: {
      ...asked("BudgetExceeded", "raise --raise steps=10"),
      code: "budget-exceeded",
      message: "the budget allows 1 steps",
    },
  },
  {
    fault: "a budget of time that is over",
    agent: { budget: { wallClock: "1s" }, steps: [{ kind: "wait", name: "rest", for: "2s" }, task("work")] },
    handler: "return { n: 1 };",
    says: {
      ...asked("BudgetExceeded", "raise --raise wallClock=1d"),
      code: "budget-exceeded",
      message: "the budget allows 1 s.",
    },
  },
  {
    fault: "a failure that ends the run",
    work: { onFailure: "fail" },
    handler: answered(404),
    says: { class: "Holdfast.Permanent", ...REFUSED, status: "failed", ...OVER },
  },
  {
    fault: "a failure that people give up on",
    handler: answered(404),
    decide: "abort",
    says: { class: "Holdfast.Permanent", ...REFUSED, status: "abandoned", ...OVER },
    record: { kind: "decision" },
  },
  {
    fault: "a rejection",
    agent: { steps: [{ kind: "approval", name: "work", ladder: "desk", request: { n: 1 } }] },
    handler: "",
    decide: "reject",
    says: {
      class: "Holdfast.Rejected",
      code: "rejected",
      message: "ann rejected work.",
      attempt: 0,
      status: "abandoned",
      ...OVER,
    },
    record: { kind: "decision", class: "Holdfast.NeedsHuman" },
    measured: { outcome: "abandoned" },
  },
  {
    fault: "people who stay silent",
    agent: {
      escalations: { desk: { tiers: [{ audience: "clerks", within: "1s" }], otherwise: "compensate" } },
      steps: [{ kind: "approval", name: "work", ladder: "desk", request: { n: 1 } }],
    },
    handler: "",
    says: {
      class: "Holdfast.NeedsHuman",
      code: "silence",
      message: "clerks was asked about work until",
      attempt: 0,
      status: "abandoned",
      ...OVER,
    },
    record: { kind: "silence" },
    measured: { outcome: "abandoned" },
  },
  {
    fault: "an undoing that fails",
    agent: {
      steps: [task("first", { ...UNGATED, compensate: "./undo.mjs" }), task("work", { onFailure: "compensate" })],
    },
    handler: answered(404),
    record: { kind: "escalation" },
    says: {
      class: "Holdfast.Permanent",
      code: "not-undone",
      message: "Not undone: first.",
      step: "compensate",
      path: "compensate",
      attempt: 0,
      next: "people",
      act: /^npx holdfast decide \S+ --decision retry/,
    },
  },
  {
    fault: "a subflow that fails",
    agent: {
      steps: [
        { kind: "subflow", name: "work", agent: "broken-part", input: { id: { $from: "input.id" } }, output: OUTPUT },
      ],
    },
    handler: "",
    says: {
      ...asked("Permanent", "override --output"),
      class: "States.TaskFailed",
      code: "unclassified",
      message: "broken-part",
    },
    record: { kind: "escalation" },
    measured: { outcome: "failed" },
    measuredOf: "broken-part",
  },
  {
    fault: "an item of many that fails",
    agent: {
      input: {
        type: "object",
        properties: { id: { type: "string" }, lines: { type: "array", maxItems: 3, items: {} } },
        required: ["id", "lines"],
      },
      steps: [
        {
          kind: "each",
          name: "lines",
          items: { $from: "input.lines" },
          as: "line",
          steps: [task("work", { input: { line: { $from: "line" } } })],
        },
      ],
    },
    detail: { lines: [1, 2, 3] },
    handler: `if (input.line === 2) ${answered(404)} return { n: 1 };`,
    says: { ...asked("Permanent"), ...REFUSED, path: "lines#1/work" },
  },
];
