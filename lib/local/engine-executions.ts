import type { Executions } from "../ports/index.ts";
import { type Engine, ServiceError, type StateMachine } from "./engine/index.ts";

const GONE: readonly string[] = ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"];

/** Executions on the embedded engine. @param machineOf the state machine of an ARN. */
export const engineExecutions = (engine: Engine, machineOf: (arn: string) => StateMachine | undefined): Executions => ({
  async start({ stateMachine, name, input }) {
    const machine = machineOf(stateMachine);
    if (machine === undefined) throw new TypeError(`There is no state machine ${stateMachine}.`);
    try {
      const { started } = await engine.startExecution({ machine, name, input });
      return started ? "started" : "exists";
    } catch (error) {
      if (error instanceof ServiceError && error.code === "ExecutionAlreadyExists") return "exists";
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
