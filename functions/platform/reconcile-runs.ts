import { SFNClient } from "@aws-sdk/client-sfn";
import type { EventBridgeEvent } from "aws-lambda";
import { emfMetrics, stepFunctionsExecutions, systemClock } from "../../lib/aws/index.ts";
import { type SweepEvent, stateMachineName } from "../../lib/contract/index.ts";
import type { Execution } from "../../lib/ports/index.ts";
import { agentOf, measureEnd, measureOpen, reconcileRun, reconcileRuns } from "../../lib/runtime/index.ts";
import { basePorts } from "./platform-ports.ts";

const ports = {
  ...basePorts(),
  executions: stepFunctionsExecutions(new SFNClient({})),
  metrics: emfMetrics(systemClock),
};

type StatusEvent = EventBridgeEvent<
  "Step Functions Execution Status Change",
  Execution & { readonly stateMachineArn: string }
>;

/**
 * Closes the runs whose status events say that they ended; and, on an agent's schedule, repairs those that no event told of.
 * Measures both.
 */
export async function handler(event: StatusEvent | SweepEvent): Promise<void> {
  if (!("sweep" in event)) {
    // Names of executions are anybody's to choose; those of agents' machines are not.
    if (!event.detail.stateMachineArn.endsWith(`:${stateMachineName(agentOf(event.detail.name))}`)) return;
    await reconcileRun(ports, event.detail);
    return measureEnd(ports, event.detail);
  }
  try {
    await reconcileRuns(ports, { agents: [event.sweep] });
  } finally {
    await measureOpen(ports, event.sweep);
  }
}
