import { CfnSamplingRule } from "aws-cdk-lib/aws-xray";
import type { Construct } from "constructs";
import { stateMachineName } from "../../contract/index.ts";

/** Before X-Ray's own, of 10 000; after whatever somebody sets on purpose. */
const PRIORITY = 9_000;
/** Traced of each second, of all agents together, before the rate counts. */
const RESERVOIR = 1;

/**
 * How many runs are traced. It is decided once for each run, where its state machine starts, unless whoever sent the event
 * has decided before: functions and nested runs do as they are told.
 */
export function createSamplingRule(scope: Construct, rate: number): void {
  new CfnSamplingRule(scope, "Sampling", {
    samplingRule: {
      ruleName: "holdfast-runs",
      version: 1,
      priority: PRIORITY,
      reservoirSize: RESERVOIR,
      fixedRate: rate,
      serviceName: stateMachineName("*"),
      serviceType: "AWS::StepFunctions::StateMachine",
      ...{ host: "*", httpMethod: "*", urlPath: "*", resourceArn: "*" },
    },
  });
}
