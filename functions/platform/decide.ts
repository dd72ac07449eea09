import { SFNClient } from "@aws-sdk/client-sfn";
import { stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { type Decision, decide } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), executions: stepFunctionsExecutions(new SFNClient({})) };

/** Invoked by those whom IAM allows to; their word for who decides is recorded. */
export const handler = lambdaHandler((decision: Decision) => decide(ports, decision));
