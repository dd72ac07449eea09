import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import type { Executions } from "../ports/index.ts";

/** Executions on Step Functions. */
export const stepFunctionsExecutions = (client: SFNClient): Executions => ({
  async start({ stateMachine, name, input }) {
    try {
      await client.send(
        new StartExecutionCommand({ stateMachineArn: stateMachine, name, input: JSON.stringify(input) }),
      );
      return "started";
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return "exists";
      throw error;
    }
  },

  async describe(stateMachine, name) {
    const executionArn = executionArnOf(stateMachine, name);
    try {
      const { status, error } = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (status === undefined) throw new TypeError(`Step Functions gave no status of ${executionArn}.`);
      return { name, status, ...(error === undefined ? {} : { error }) };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  },

  async answer(taskToken, output) {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
      return "delivered";
    } catch (error) {
      const gone = error instanceof TaskDoesNotExist || error instanceof TaskTimedOut || error instanceof InvalidToken;
      if (gone) return "gone";
      throw error;
    }
  },
});

const executionArnOf = (stateMachine: string, name: string) =>
  `${stateMachine.replace(":stateMachine:", ":execution:")}:${name}`;
