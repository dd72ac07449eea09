import type { EachStep } from "../../definition/index.ts";
import { compileReference, jsonata } from "../expression.ts";
import { containerCatchers } from "../failure.ts";
import { variableOf } from "../names.ts";
import type { Continuation, Region } from "../region.ts";
import type { Sequences } from "../sequences.ts";
import { countVariable } from "../step-numbers.ts";

/** An inline Map; each item carries itself, the items around it and its path, since inner states see nothing else of it. */
export function addEach(region: Region, step: EachStep, after: Continuation, sequences: Sequences): void {
  const inner = region.item(step);
  const number = region.numbers.get(step);
  region.add(step.name, {
    Type: "Map",
    Items: jsonata(compileReference(step.items, region.names)),
    ItemSelector: {
      ...region.items,
      path: jsonata(`${region.pathExpression(`${step.name}#`)} & $string($states.context.Map.Item.Index)`),
      [variableOf(step.as)]: jsonata("$states.context.Map.Item.Value"),
      ...(number === undefined ? {} : { number: jsonata(number) }),
    },
    MaxConcurrency: step.concurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      ...sequences.machine(inner, step.steps, step.output ?? {}),
    },
    Catch: containerCatchers(region, step.name),
    Assign: {
      [variableOf(step.name)]: jsonata("$states.result"),
      ...(number === undefined ? {} : { [countVariable(step.name)]: jsonata("$count($states.result)") }),
    },
    ...region.pass(after, { step: step.name, result: "$states.result" }),
  });
}
