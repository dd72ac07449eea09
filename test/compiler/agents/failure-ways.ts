import { defineAgent, escalate, ladder, tier } from "../../../lib/definition/index.ts";
import { about, Verdict } from "./schemas.ts";

/** One step whose error classes go every way there is. */
export const failureWays = defineAgent({
  name: "failure-ways",
  ...about,
  escalations: { desk: ladder([tier("desk", { within: "30m" }), tier("lead", { within: "1d" })]) },
})
  .step("judge", {
    handler: "./judge.ts",
    effect: "none",
    input: ($) => ({ total: $.input.total }),
    output: Verdict,
    retry: "patient",
    onFailure: {
      "Holdfast.Denied": "fail",
      "Holdfast.Permanent": { continueWith: { ok: false, reason: { $from: "input.note" } } },
      "Holdfast.InvalidOutput": "compensate",
      "Holdfast.BudgetExceeded": escalate("desk"),
    },
  })
  .step("report", {
    handler: "./report.ts",
    effect: "none",
    input: ($) => ({ score: $.judge.score }),
    output: Verdict,
  });
