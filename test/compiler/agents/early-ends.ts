import { continueWith, defineAgent, eq, gte } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

const stood = { effect: "none", output: Verdict } as const;

/** Three ways to end, each with an output of its own, each reached from a step, a stand-in and a decision. */
export const earlyEnds = defineAgent({ name: "early-ends", ...about, escalations: { desk } })
  .choose("route", {
    branches: [
      {
        name: "free",
        when: ($) => eq($.input.total, 0),
        steps: (flow) =>
          flow
            .step("thank", { ...stood, handler: "./thank.ts", input: ($) => $.input })
            .end(($) => ({ way: "free", reason: $.thank.reason })),
      },
      { name: "dear", when: ($) => gte($.input.total, 1_000), steps: (flow) => flow.end(() => "too dear") },
      {
        name: "known",
        when: ($) => eq($.input.id, "known"),
        steps: (flow) =>
          flow
            .step("greet", {
              ...stood,
              handler: "./greet.ts",
              input: ($) => $.input,
              onFailure: continueWith({ ok: true, reason: null }),
            })
            .end(($) => ({ way: "known", ok: $.greet.ok, score: $.greet.score })),
      },
    ],
    otherwise: (flow) => flow,
  })
  .step("close", { ...stood, handler: "./close.ts", input: ($) => $.input })
  .returns(($) => ({ way: "usual", reason: $.close.reason }));
