import type { Executions } from "../ports/index.ts";
import { type Engine, executionArnOf, ServiceError, type StateMachine } from "./engine/index.ts";

const GONE: readonly string[] = ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"];

/** Executions on the embedded engine. @param machineOf the state machine of an ARN. */
export const engineExecutions = (engine: Engine, machineOf: (arn: string) => StateMachine | undefined): Executions => ({
  async start({ stateMachine, ...request }) {
    const machine = required(machineOf(stateMachine), stateMachine);
    try {
      const { started } = await engine.startExecution({ machine, ...request });
      return started ? "started" : "exists";
    } catch (error) {
      if (error instanceof ServiceError && error.code === "ExecutionAlreadyExists") return "exists";
      throw error;
    }
  },

  async describe(stateMachine, name) {
    const machine = required(machineOf(stateMachine), stateMachine);
    try {
      const { status, error, cause } = await engine.describeExecution(executionArnOf(machine.name, name));
      return { name, status, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    } catch (error) {
      if (error instanceof ServiceError && error.code === "ExecutionDoesNotExist") return undefined;
      throw error;
    }
  },

  async answer(taskToken, output) {
    try {
      await engine.sendTaskSuccess(taskToken, output);
      return "delivered";
    } catch (error) {
      if (error instanceof ServiceError && GONE.includes(error.code)) return "gone";
      throw error;
    }
  },
});

function required(machine: StateMachine | undefined, arn: string): StateMachine {
  if (machine === undefined) throw new TypeError(`There is no state machine ${arn}.`);
  return machine;
}
