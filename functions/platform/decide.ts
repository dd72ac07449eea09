import { SFNClient } from "@aws-sdk/client-sfn";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { bodyOf, callerOf, type HttpApiEvent, stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { answerDecideRequest, brokenDecideResponse, classify } from "../../lib/runtime/index.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), executions: stepFunctionsExecutions(new SFNClient({})) };

/** Serves the decide API behind API Gateway, whose authorizer says who decides. */
export async function handler(event: HttpApiEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { method } = event.requestContext.http;
  const { status, headers, body } = await answerDecideRequest(ports, {
    method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    accept: event.headers.accept ?? "",
    body: bodyOf(event),
    identity: callerOf(event),
  }).catch((error: unknown) => {
    // Its message may quote what was decided about.
    const { name, code } = classify(error);
    const thrown = error instanceof Error ? error.name : typeof error;
    console.error(JSON.stringify({ level: "ERROR", method, path: event.rawPath, name, code, thrown }));
    return brokenDecideResponse();
  });
  return { statusCode: status, headers, body };
}
