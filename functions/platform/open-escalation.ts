import { SNSClient } from "@aws-sdk/client-sns";
import { requiredEnvironment, snsNotifier } from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import type { PeopleEntry } from "../../lib/definition/index.ts";
import {
  aboutEscalation,
  type EscalationRequest,
  openEscalation,
  type WebhookSender,
} from "../../lib/runtime/index.ts";
import { platformHandler } from "./lambda-handler.ts";
import { tracer } from "./observers.ts";
import { basePorts } from "./platform-ports.ts";

/** The Lambda handler that asks people about an agent's runs. @param webhook given by the entries of agents that name one. */
export function openEscalationFunction(entry: PeopleEntry, webhook: WebhookSender = noWebhook) {
  const notifier = snsNotifier(tracer.captureAwsClient(new SNSClient({})), requiredEnvironment(Environment.topic));
  const ports = { ...basePorts(), notifier, webhook };
  return platformHandler(
    "open escalation",
    (request: EscalationRequest) => aboutEscalation(entry.name, request),
    (request) => openEscalation(ports, entry, request),
  );
}

const noWebhook: WebhookSender = async ({ url }) => {
  throw new TypeError(`Nothing sends to ${new URL(url).host}: the entry of this function names no webhook.`);
};
