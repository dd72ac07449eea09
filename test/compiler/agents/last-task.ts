import { defineAgent } from "../../../lib/definition/index.ts";
import { about, Verdict } from "./schemas.ts";

/** Two tasks without people: every failure ends the run. */
export const lastTask = defineAgent({ name: "last-task", ...about, budget: { wallClock: "2h", usd: 1 } })
  .step("look", {
    handler: "./look.ts",
    effect: "read",
    input: ($) => ({ id: $.input.id, note: $.input.note }),
    output: Verdict,
    onFailure: "fail",
  })
  .step("score", {
    handler: "./score.ts",
    effect: "none",
    input: ($) => $.look,
    output: Verdict,
    retry: { preset: "none", transient: { retries: 1 } },
    timeout: "5m",
    onFailure: "compensate",
  });
