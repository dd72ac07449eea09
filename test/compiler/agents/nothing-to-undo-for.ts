import { defineAgent, ungated } from "../../../lib/definition/index.ts";
import { about, Verdict } from "./schemas.ts";

/** A step that could be undone in an agent that never undoes: no state for it. */
export const nothingToUndoFor = defineAgent({ name: "nothing-to-undo-for", ...about }).step("book", {
  handler: "./book.ts",
  input: ($) => $.input,
  output: Verdict,
  gate: ungated("A booking is cancelled free of charge."),
  compensate: "./cancel.ts",
  onFailure: {
    ...Object.fromEntries(
      ["Throttled", "Transient", "StepBusy", "InvalidOutput", "Permanent", "Denied", "BudgetExceeded"].map((name) => [
        `Holdfast.${name}`,
        "fail",
      ]),
    ),
    "Holdfast.UnknownOutcome": "fail",
    "Holdfast.NeedsHuman": "fail",
    "Holdfast.NeedsApproval": "fail",
    "Holdfast.Yielded": "fail",
    "Holdfast.Rejected": "fail",
    "Holdfast.Abandoned": "fail",
  },
});
