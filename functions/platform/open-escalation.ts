import { SNSClient } from "@aws-sdk/client-sns";
import { requiredEnvironment, snsNotifier } from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import { type EscalationRequest, openEscalation } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), notifier: snsNotifier(new SNSClient({}), requiredEnvironment(Environment.topic)) };

export const handler = lambdaHandler((request: EscalationRequest) => openEscalation(ports, request));
