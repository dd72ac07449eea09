import { approval, defineAgent, escalate, ungated } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

/** Writes with the default gate, a named one and none; two of them can be undone. */
export const gatedWrites = defineAgent({
  name: "gated-writes",
  ...about,
  escalations: { desk, board: desk },
  defaultLadder: "desk",
})
  .step("reserve", { handler: "./reserve.ts", input: ($) => $.input, output: Verdict, compensate: "./release.ts" })
  .step("pay", {
    handler: "./pay.ts",
    input: ($) => ({ total: $.input.total }),
    output: Verdict,
    gate: approval("board"),
    compensate: "./refund.ts",
    timeout: "14m",
    onFailure: { "Holdfast.Rejected": escalate("board") },
  })
  .step("file", {
    handler: "./file.ts",
    input: () => ({}),
    output: Verdict,
    gate: ungated("Filing changes nothing that matters."),
  });
