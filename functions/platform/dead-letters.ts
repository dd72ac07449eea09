import { SQSClient } from "@aws-sdk/client-sqs";
import { requiredEnvironment, sqsDeadLetters } from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";

/** For the entries of agents that have triggers; a module of its own, so that no other bundle carries the client of SQS. */
export const deadLetters = () => sqsDeadLetters(new SQSClient({}), requiredEnvironment(Environment.deadLetters));
