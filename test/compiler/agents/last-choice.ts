import { and, defineAgent, eq, exists, gte, lt, not, oneOf, or } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

/** Every kind of condition; branches with steps, without, and within each other. */
export const lastChoice = defineAgent({ name: "last-choice", ...about, escalations: { desk } })
  .step("look", { handler: "./look.ts", effect: "read", input: ($) => $.input, output: Verdict })
  .choose("route", {
    branches: [
      { name: "plain", when: ($) => and(eq($.look.ok, true), gte($.input.total, 10)), steps: (flow) => flow },
      {
        name: "odd",
        when: ($) => or(not(exists($.look.reason)), oneOf($.look.score, [1, 2]), eq($.input.id, '${x} "y" {% z %}')),
        steps: (flow) =>
          flow.wait("rest", { for: "1d" }).choose("inner", {
            branches: [{ name: "small", when: ($) => lt($.input.total, -1), steps: (inner) => inner }],
            otherwise: (inner) => inner.wait("rest-more", { for: "2d" }),
          }),
      },
    ],
    otherwise: (flow) =>
      flow.step("fix", {
        handler: "./fix.ts",
        effect: "none",
        input: ($) => ({ why: $.look.reason }),
        output: Verdict,
      }),
  });
