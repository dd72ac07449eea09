import { continueWith, defineAgent } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

/** One child with the default edges, one whose failure is stood in for. */
export const lastSubflow = defineAgent({ name: "last-subflow", ...about, escalations: { desk } })
  .subflow("first-check", { agent: "credit-check", input: ($) => ({ id: $.input.id }), output: Verdict, timeout: "1h" })
  .subflow("second-check", {
    agent: "credit-check",
    input: ($) => ({ id: $.input.id, score: $["first-check"].score }),
    output: Verdict,
    onFailure: continueWith({ ok: false, reason: "not checked" }),
  });
