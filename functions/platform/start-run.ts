import { SFNClient } from "@aws-sdk/client-sfn";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { requiredEnvironment, stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { Environment, type JsonObject, type StartEvent } from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import type { DeadLetters } from "../../lib/ports/index.ts";
import { aboutStart, observeStart, openSubflow, startBatch, startRun } from "../../lib/runtime/index.ts";
import { platformHandler } from "./lambda-handler.ts";
import { observers, tracer } from "./observers.ts";
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
  const ports = {
    ...basePorts(),
    executions: stepFunctionsExecutions(tracer.captureAwsClient(new SFNClient({}))),
    deadLetters,
  };
  const stateMachine = requiredEnvironment(Environment.stateMachine);

  const about = (event: SQSEvent | SubflowEvent | StartEvent) => aboutStart(agent, event);
  return platformHandler(`start ${agent.name}`, about, async (event) => {
    if ("subflow" in event) return openSubflow(ports, agent, event.subflow);
    if ("event" in event) return startRun(ports, agent, stateMachine, event.event);
    const starts = event.Records.map(({ messageId, body, attributes }) => {
      const { SentTimestamp, AWSTraceHeader } = attributes;
      const queued = { messageId, body, sentAt: Number(SentTimestamp), traceHeader: AWSTraceHeader };
      return observeStart(observers, agent, queued, () => startBatch(ports, agent, stateMachine, [queued]));
    });
    return {
      batchItemFailures: (await Promise.all(starts))
        .flat()
        .filter(({ kind }) => kind === "failed")
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    } satisfies SQSBatchResponse;
  });
}

const noQueue: DeadLetters = {
  keep: () => Promise.reject(new TypeError("An agent without triggers has no queue of dead letters.")),
};
