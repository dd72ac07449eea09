import { SFNClient } from "@aws-sdk/client-sfn";
import type { EventBridgeEvent } from "aws-lambda";
import { stepFunctionsExecutions } from "../../lib/aws/index.ts";
import type { SweepEvent } from "../../lib/contract/index.ts";
import type { Execution } from "../../lib/ports/index.ts";
import { reconcileRun, reconcileRuns } from "../../lib/runtime/index.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), executions: stepFunctionsExecutions(new SFNClient({})) };

type StatusEvent = EventBridgeEvent<"Step Functions Execution Status Change", Execution>;

/** Closes the runs whose status events say that they ended; and, on an agent's schedule, repairs those that no event told of. */
export const handler = (event: StatusEvent | SweepEvent): Promise<void> =>
  "sweep" in event ? reconcileRuns(ports, { agents: [event.sweep] }) : reconcileRun(ports, event.detail);
