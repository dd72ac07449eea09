import type { EventBridgeEvent } from "aws-lambda";
import { type ExecutionStatusChange, reconcileRun } from "../../lib/runtime/index.ts";
import { basePorts } from "./platform-ports.ts";

const ports = basePorts();

type StatusEvent = EventBridgeEvent<"Step Functions Execution Status Change", ExecutionStatusChange>;

/** Closes the runs of executions whose status events say that they ended. */
export const handler = (event: StatusEvent): Promise<void> => reconcileRun(ports, event.detail);
