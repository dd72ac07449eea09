import { defineAgent, ungated } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

/** Items within items, a parallel within an item, a write that is undone once for each item. */
export const lastEach = defineAgent({ name: "last-each", ...about, escalations: { desk } }).each("lines", {
  items: ($) => $.input.lines,
  as: "line",
  concurrency: 2,
  steps: (line) =>
    line
      .step("ship", {
        handler: "./ship.ts",
        input: ($) => ({ sku: $.line.sku, of: $.input.id }),
        output: Verdict,
        gate: ungated("The order was approved as a whole."),
        compensate: "./recall.ts",
      })
      .each("parts", {
        items: ($) => $.line.parts,
        as: "part",
        steps: (part) =>
          part
            .parallel("labels", {
              print: (flow) =>
                flow
                  .step("print-label", {
                    handler: "./print.ts",
                    effect: "none",
                    input: ($) => ({ part: $.part, sku: $.line.sku, ok: $.ship.ok }),
                    output: Verdict,
                  })
                  .returns(($) => ({ ok: $["print-label"].ok, part: $.part })),
            })
            .returns(($) => ({ label: $.labels.print, part: $.part })),
      })
      .returns(($) => ({ sku: $.line.sku, parts: $.parts })),
});
