import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { LAMBDA_GRACE_SECONDS } from "../../contract/index.ts";
import { needsOf, secondsOf, type WorkStep } from "../../definition/index.ts";
import { functionKey, type StepFunctionKind } from "../entries.ts";
import { createFunction } from "../function.ts";
import type { HoldfastAgentProps } from "./agent-props.ts";
import { budgetsAbove } from "./budgets.ts";
import { grantNeed } from "./needs.ts";

/**
 * The function of a step, or of what undoes it. Its role reaches the items and the claims of this agent's runs, the
 * budgets of runs that it may be a subflow of, and what the step needs; where tools are called, the agent's breakers, too.
 */
export function createStepFunction(
  scope: Construct,
  kind: StepFunctionKind,
  step: WorkStep,
  { document, callers, code, platform }: HoldfastAgentProps,
): LambdaFunction {
  const created = createFunction(scope, `${kind}-${step.name}`, {
    code: code(functionKey(document.name, { kind, step: step.name })),
    stage: platform.stage,
    description: `${kind === "undo" ? "Undoes step" : "Step"} ${step.name} of agent ${document.name}.`,
    timeoutSeconds: secondsOf(step.timeout) + LAMBDA_GRACE_SECONDS,
    memorySize: step.memory,
    ...(kind === "undo" || step.reservedConcurrency === undefined
      ? {}
      : { reservedConcurrentExecutions: step.reservedConcurrency }),
  });
  platform.runs.grantRunsOf([document.name, ...budgetsAbove(callers)], created);
  platform.claims.grantClaimsOf(document.name, created);
  if (kind === "step" && step.kind === "reason") platform.runs.grantBreakersOf(document.name, created);
  for (const need of kind === "undo" ? step.needs : needsOf(document, step)) grantNeed(created, need);
  return created;
}
