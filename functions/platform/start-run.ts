import { SFNClient } from "@aws-sdk/client-sfn";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { requiredEnvironment, stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { Environment, type Json, type JsonObject } from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import { classify, openSubflow, startRun } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

interface SubflowEvent {
  readonly subflow: { readonly parentRunId: string; readonly path: string; readonly input: JsonObject };
}

/** The Lambda handler that starts an agent's runs: from its queue, or as the first half of a subflow step. */
export function startRunFunction(agent: AgentEntry) {
  const ports = { ...basePorts(), executions: stepFunctionsExecutions(new SFNClient({})) };
  const stateMachine = requiredEnvironment(Environment.stateMachine);

  return lambdaHandler(async (event: SQSEvent | SubflowEvent) => {
    if ("subflow" in event) return openSubflow(ports, agent, event.subflow);
    const failed = await Promise.all(
      event.Records.map(async ({ messageId, body }) => {
        try {
          await startRun(ports, agent, stateMachine, JSON.parse(body) as Json);
          return [];
        } catch (error) {
          const { name, code, message } = classify(error);
          console.error(JSON.stringify({ level: "ERROR", agent: agent.name, messageId, name, code, message }));
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() } satisfies SQSBatchResponse;
  });
}
