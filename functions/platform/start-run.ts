import { SFNClient } from "@aws-sdk/client-sfn";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { requiredEnvironment, stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { Environment, type JsonObject, type StartEvent } from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import type { DeadLetters } from "../../lib/ports/index.ts";
import { openSubflow, type QueuedStart, startBatch, startRun } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

interface SubflowEvent {
  readonly subflow: { readonly parentRunId: string; readonly path: string; readonly input: JsonObject };
}

/**
 * The Lambda handler that starts an agent's runs: from its queue, for a function that gives it an event, or as the first half
 * of a subflow step.
 *
 * @param deadLetters given by the entries of agents that have triggers, and so a queue.
 */
export function startRunFunction(agent: AgentEntry, deadLetters: DeadLetters = noQueue) {
  const ports = { ...basePorts(), executions: stepFunctionsExecutions(new SFNClient({})), deadLetters };
  const stateMachine = requiredEnvironment(Environment.stateMachine);

  return lambdaHandler(async (event: SQSEvent | SubflowEvent | StartEvent) => {
    if ("subflow" in event) return openSubflow(ports, agent, event.subflow);
    if ("event" in event) return startRun(ports, agent, stateMachine, event.event);
    const batch = event.Records.map(({ messageId, body, attributes }) => ({
      messageId,
      body,
      traceHeader: attributes.AWSTraceHeader,
    }));
    const starts = await startBatch(ports, agent, stateMachine, batch);
    for (const start of starts) report(agent.name, start);
    return {
      batchItemFailures: starts
        .filter(({ kind }) => kind === "failed")
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    } satisfies SQSBatchResponse;
  });
}

const noQueue: DeadLetters = {
  keep: () => Promise.reject(new TypeError("An agent without triggers has no queue of dead letters.")),
};

function report(agent: string, start: QueuedStart): void {
  if (start.kind === "started") return;
  const { messageId, kind, error } = start;
  const { name, code, message } = error;
  console.error(JSON.stringify({ level: "ERROR", agent, messageId, outcome: kind, name, code, message }));
}
