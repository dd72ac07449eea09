import { defineAgent, eq } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

const task = { effect: "read", output: Verdict } as const;

/** Branches with a ladder of their own, an each inside, a choice inside, and nothing but an output. */
export const lastParallel = defineAgent({ name: "last-parallel", ...about, escalations: { desk } }).parallel("both", {
  one: (flow) =>
    flow
      .step("check-one", { ...task, handler: "./check.ts", input: ($) => $.input })
      .returns(($) => ({ ok: $["check-one"].ok })),
  many: (flow) =>
    flow
      .each("check-lines", {
        items: ($) => $.input.lines,
        as: "line",
        steps: (line) =>
          line.step("check-line", { ...task, handler: "./check.ts", input: ($) => ({ sku: $.line.sku }) }),
      })
      .returns(($) => $["check-lines"]),
  maybe: (flow) =>
    flow.choose("look", {
      branches: [{ name: "free", when: ($) => eq($.input.total, 0), steps: (inner) => inner }],
      otherwise: (inner) => inner.approval("ask", { ladder: "desk", request: ($) => $.input, onReject: "fail" }),
    }),
  none: (flow) => flow.returns(($) => $.input.id),
});
