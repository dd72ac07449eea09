import { SFNClient } from "@aws-sdk/client-sfn";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { bodyOf, callerOf, type HttpApiEvent, stepFunctionsExecutions } from "../../lib/aws/index.ts";
import type { Annotations } from "../../lib/ports/index.ts";
import {
  aboutRun,
  answerDecideRequest,
  brokenDecideResponse,
  observeFunction,
  runOfEscalation,
} from "../../lib/runtime/index.ts";
import { observers, tracer } from "./observers.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), executions: stepFunctionsExecutions(tracer.captureAwsClient(new SFNClient({}))) };

/** Serves the decide API behind API Gateway, whose authorizer says who decides. */
export async function handler(event: HttpApiEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const request = {
    method: event.requestContext.http.method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    accept: event.headers.accept ?? "",
    body: bodyOf(event),
    identity: callerOf(event),
  };
  const { status, headers, body } = await observeFunction(observers, "decide", about(event.rawPath), () =>
    answerDecideRequest(ports, request),
  ).catch(brokenDecideResponse);
  return { statusCode: status, headers, body };
}

/** The run of the escalation that a path names. */
function about(path: string): Annotations {
  const [, id] = /^\/escalations\/([\w-]{1,200})/.exec(path) ?? [];
  return id === undefined ? {} : aboutRun(runOfEscalation(id));
}
