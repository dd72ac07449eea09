import { defineAgent } from "../../../lib/definition/index.ts";
import { about, Verdict } from "./schemas.ts";

/** Waits for a span and until a time; what the run yields is written down. */
export const lastWait = defineAgent({ name: "last-wait", ...about })
  .wait("cool-down", { for: "90s" })
  .step("look", { handler: "./look.ts", effect: "read", input: () => ({}), output: Verdict, onFailure: "fail" })
  .wait("until-due", { until: ($) => $.input.due })
  .returns(($) => ({ reason: $.look.reason, score: $.look.score }));
