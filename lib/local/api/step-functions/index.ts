import type { Engine } from "../../engine/index.ts";
import type { Operations } from "../operation.ts";
import { executionOperations } from "./executions.ts";
import { historyOperations } from "./history.ts";
import { type Machines, stateMachineOperations } from "./state-machines.ts";
import { taskTokenOperations } from "./task-tokens.ts";

export type { Machines } from "./state-machines.ts";

/** What is served of Step Functions: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export const stepFunctions = (engine: Engine, machines: Machines): Operations => ({
  ...stateMachineOperations(machines),
  ...executionOperations(engine, machines),
  ...historyOperations(engine),
  ...taskTokenOperations(engine),
});
