import { defineAgent, ungated } from "../../../lib/definition/index.ts";
import { about, Verdict } from "./schemas.ts";

/** Compensation where there is no ladder to hand over to. */
export const undoneWithoutPeople = defineAgent({ name: "undone-without-people", ...about })
  .step("book", {
    handler: "./book.ts",
    input: ($) => $.input,
    output: Verdict,
    gate: ungated("A booking is cancelled free of charge."),
    compensate: "./cancel.ts",
    onFailure: "compensate",
  })
  .step("confirm", {
    handler: "./confirm.ts",
    effect: "read",
    input: () => ({}),
    output: Verdict,
    onFailure: "compensate",
  });
