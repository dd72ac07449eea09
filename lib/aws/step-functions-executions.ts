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
import { executionArnOf } from "./execution-arn.ts";

/** Executions on Step Functions. */
export const stepFunctionsExecutions = (client: SFNClient): Executions => ({
  async start({ stateMachine, name, input, traceHeader }) {
    const command = new StartExecutionCommand({
      stateMachineArn: stateMachine,
      name,
      input: JSON.stringify(input),
      traceHeader,
    });
    if (traceHeader !== undefined) {
      command.middlewareStack.add(
        (next) => (args) => {
          bearTrace(args.request, traceHeader);
          return next(args);
        },
        { name: "holdfastTrace", step: "build" },
      );
    }
    try {
      await client.send(command);
      return "started";
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return "exists";
      throw error;
    }
  },

  async describe(stateMachine, name) {
    const executionArn = executionArnOf(stateMachine, name);
    try {
      const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (status === undefined) throw new TypeError(`Step Functions gave no status of ${executionArn}.`);
      return { name, status, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
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

/**
 * Has a request bear this trace. Step Functions prefers the header to the field of the body, and in Lambda the SDK sets the
 * header to the trace of the invocation where there is none.
 */
function bearTrace(request: unknown, traceHeader: string): void {
  if (typeof request !== "object" || request === null || !("headers" in request)) return;
  Object.assign(request.headers ?? {}, { "X-Amzn-Trace-Id": traceHeader });
}
