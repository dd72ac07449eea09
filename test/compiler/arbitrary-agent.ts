import fc from "fast-check";
import type { JsonObject } from "../../lib/contract/index.ts";
import { type AgentDocument, checkAgent } from "../../lib/definition/index.ts";
import type { AgentPlan, BranchPlan, StepPlan } from "./agent-plan.ts";
import { assemble } from "./assemble-agent.ts";

const LEAVES = ["task", "task", "task", "wait", "approval", "subflow"] as const;
const leaf = fc.constantFrom(...LEAVES).map((kind): StepPlan => ({ kind }));

const { step } = fc.letrec<{ step: StepPlan; branch: BranchPlan }>((tie) => ({
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    leaf,
    fc.record({
      kind: fc.constantFrom("choose" as const, "parallel" as const, "each" as const),
      branches: fc.array(tie("branch"), { minLength: 1, maxLength: 3 }),
    }),
  ),
  branch: fc.record({ steps: fc.array(tie("step"), { maxLength: 3 }), ends: fc.boolean() }),
}));

/** Text that a compiler could take for an expression, a placeholder or the end of something. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    "{% $states.context %}",
    "{% 1",
    "1 %}",
    "${step_s1}",
    "${holdfast_open_escalation} and ${AWS::AccountId}",
    '"quoted" \\ and \n newline',
    "` \u2028 \ud800 \u0000 */ #{}",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);

const plan: fc.Arbitrary<AgentPlan> = fc.record({
  ladders: fc.nat(2),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  picks: fc.array(fc.nat(1_000), { minLength: 20, maxLength: 60 }),
  texts: fc.array(hostileText, { minLength: 3, maxLength: 6 }),
});

/** Checked agents of every step kind and combination, with hostile literals, long names and all kinds of references. */
export const arbitraryAgent: fc.Arbitrary<AgentDocument> = plan.map((made) => {
  const source = assemble(made);
  const result = checkAgent(source);
  if (result.ok) return result.agent;
  throw new Error(`A generated agent must pass its check: ${JSON.stringify({ problems: result.problems, source })}`);
});

/** Values that the schema of generated results allows. */
export const arbitraryResult: fc.Arbitrary<JsonObject> = fc.record(
  {
    text: hostileText,
    count: fc.double({ noNaN: true, noDefaultInfinity: true }),
    flag: fc.boolean(),
    at: fc.constantFrom("2026-01-01T00:00:00Z", "2026-12-31T23:59:59.999Z"),
    maybe: hostileText,
    none: fc.option(fc.record({ deep: hostileText })),
    list: fc.array(
      fc.record(
        {
          id: hostileText,
          size: fc.integer(),
          parts: fc.array(
            fc.json().map((text) => JSON.parse(text)),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: ["id", "size"] },
      ),
      { maxLength: 3 },
    ),
    "odd-name": fc.record({ and: fc.integer() }),
  },
  { requiredKeys: ["text", "count", "flag", "at", "none", "list", "odd-name"] },
);
