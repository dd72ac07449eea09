import { SFNClient } from "@aws-sdk/client-sfn";
import type { EventBridgeEvent } from "aws-lambda";
import { stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { type SweepEvent, stateMachineName } from "../../lib/contract/index.ts";
import type { Execution } from "../../lib/ports/index.ts";
import { aboutRun, agentOf, measureEnd, measureOpen, reconcileRun, reconcileRuns } from "../../lib/runtime/index.ts";
import { costMeter } from "./cost-meter.ts";
import { platformHandler } from "./lambda-handler.ts";
import { tracer } from "./observers.ts";
import { basePorts } from "./platform-ports.ts";

const client = tracer.captureAwsClient(new SFNClient({}));
const ports = { ...basePorts(), executions: stepFunctionsExecutions(client) };
const measureCostOf = costMeter(client, ports);

type StatusEvent = EventBridgeEvent<
  "Step Functions Execution Status Change",
  Execution & { readonly stateMachineArn: string }
>;

/**
 * Closes the runs whose status events say that they ended; and, on an agent's schedule, repairs those that no event told of.
 * Measures both.
 */
export const handler = platformHandler(
  "reconcile runs",
  (event: StatusEvent | SweepEvent) => ("sweep" in event ? { agent: event.sweep.name } : aboutRun(event.detail.name)),
  async (event) => {
    if (!("sweep" in event)) {
      // Names of executions are anybody's to choose; those of agents' machines are not.
      if (!event.detail.stateMachineArn.endsWith(`:${stateMachineName(agentOf(event.detail.name))}`)) return;
      await reconcileRun(ports, event.detail);
      await measureEnd(ports, event.detail);
      await measureCostOf(event.detail);
      return;
    }
    try {
      await reconcileRuns(ports, { agents: [event.sweep] });
    } finally {
      await measureOpen(ports, event.sweep);
    }
  },
);
