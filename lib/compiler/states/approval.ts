import type { ApprovalStep } from "../../definition/index.ts";
import { compileValue, jsonata } from "../expression.ts";
import { variableOf } from "../names.ts";
import { addQuestion } from "../question.ts";
import type { Continuation, Region } from "../region.ts";

/** People are asked; the run goes on with their approval as the step's output, or takes the declared way of a rejection. */
export function addApproval(region: Region, step: ApprovalStep, after: Continuation): void {
  const decision = `$${region.variable("decision")}`;
  const output = Object.fromEntries(
    ["decision", "by", "at", "note"].map((key) => [key, jsonata(`${decision}.${key}`)]),
  );
  addQuestion(region, {
    kind: "approval",
    state: step.name,
    step: step.name,
    ladder: step.ladder,
    request: compileValue(step.request, region.names),
    ...(step.recommendation === undefined ? {} : { recommendation: compileValue(step.recommendation, region.names) }),
    approved: { Next: region.stateAfter(after), Assign: { [variableOf(step.name)]: output } },
    onReject: step.onReject,
    after,
  });
}
