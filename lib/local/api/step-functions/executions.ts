import { z } from "zod";
import { parseJson } from "../../../contract/index.ts";
import { type Engine, type ExecutionDescription, ServiceError } from "../../engine/index.ts";
import { arn, cause, data, error, type Operations, operation } from "../operation.ts";
import { page, pageRequest } from "../paging.ts";
import { seconds } from "../wire.ts";
import { requireArn } from "./arns.ts";
import { findMachine, type Machines } from "./state-machines.ts";

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"] as const;

export function executionOperations(engine: Engine, machines: Machines): Operations {
  return {
    StartExecution: operation(
      z.object({
        stateMachineArn: arn,
        name: z.string().min(1).max(80).exactOptional(),
        input: data.default("{}"),
        traceHeader: z.string().max(256).exactOptional(),
      }),
      async ({ stateMachineArn, input, ...rest }) => {
        const machine = findMachine(machines, stateMachineArn);
        const parsed = parseJson(input);
        if (parsed === undefined) throw new ServiceError("InvalidExecutionInput", "The input is not JSON.");
        const { executionArn, startDate } = await engine.startExecution({ machine, input: parsed, ...rest });
        return { executionArn, startDate: seconds(startDate) };
      },
    ),

    DescribeExecution: operation(z.object({ executionArn: arn }), async ({ executionArn }) => {
      requireArn(executionArn, "execution");
      return described(await engine.describeExecution(executionArn));
    }),

    ListExecutions: operation(
      z.object({
        ...pageRequest,
        stateMachineArn: arn,
        statusFilter: z.enum(STATUSES).exactOptional(),
        redriveFilter: z.enum(["REDRIVEN", "NOT_REDRIVEN"]).exactOptional(),
      }),
      async ({ stateMachineArn, statusFilter, redriveFilter, ...request }) => {
        findMachine(machines, stateMachineArn);
        const executions = await engine.listExecutions({ stateMachineArn });
        const found = executions.filter(
          ({ status, redriveCount }) =>
            (statusFilter === undefined || status === statusFilter) &&
            (redriveFilter === undefined || redriveCount > 0 === (redriveFilter === "REDRIVEN")),
        );
        const { items, ...rest } = page(found, ({ executionArn }) => executionArn, request);
        return { executions: items.map(outline), ...rest };
      },
    ),

    StopExecution: operation(z.object({ executionArn: arn, error, cause }), async ({ executionArn, ...reason }) => {
      requireArn(executionArn, "execution");
      const { stopDate } = await engine.stopExecution(executionArn, reason);
      return { stopDate: seconds(stopDate) };
    }),

    RedriveExecution: operation(z.object({ executionArn: arn }), async ({ executionArn }) => {
      requireArn(executionArn, "execution");
      const { redriveDate } = await engine.redriveExecution(executionArn);
      return { redriveDate: seconds(redriveDate) };
    }),
  };
}

const outline = ({ executionArn, stateMachineArn, name, status, redriveCount, ...dates }: ExecutionDescription) => ({
  executionArn,
  stateMachineArn,
  name,
  status,
  redriveCount,
  startDate: seconds(dates.startDate),
  ...(dates.stopDate === undefined ? {} : { stopDate: seconds(dates.stopDate) }),
});

function described(execution: ExecutionDescription) {
  const { status, input, output, error, cause, traceHeader } = execution;
  const isRedrivable = status !== "RUNNING" && status !== "SUCCEEDED";
  return {
    ...outline(execution),
    input: JSON.stringify(input),
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output: JSON.stringify(output), outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(isRedrivable
      ? { redriveStatus: "REDRIVABLE" }
      : {
          redriveStatus: "NOT_REDRIVABLE",
          redriveStatusReason: `Execution is ${status} and cannot be redriven`,
        }),
  };
}
