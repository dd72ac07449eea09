import { parseObject } from "../../contract/index.ts";
import { InvalidDefinition, ServiceError } from "../engine/index.ts";
import { ApiError } from "./api-error.ts";
import type { Operation, Operations } from "./operation.ts";

/** What is served: operations by their service's prefix in `X-Amz-Target`. */
export type Services = Readonly<Record<string, Operations>>;

export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  readonly body: object;
}

/**
 * Answers a request of the AWS JSON protocol. Never rejects: an error is an answer too, its code under `__type`.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 *
 * @param target service and operation, as in `AWSStepFunctions.StartExecution`.
 */
export async function answer(services: Services, target: string, body: string): Promise<Answer> {
  try {
    const run = findOperation(services, target);
    const members = body === "" ? {} : parseObject(body);
    if (members === undefined) throw new ApiError("SerializationException", "The body is not a JSON object.");
    return { status: 200, body: await run(members) };
  } catch (error) {
    return refusal(error);
  }
}

function findOperation(services: Services, target: string): Operation {
  const [service = "", name = ""] = target.split(".");
  const operations = Object.hasOwn(services, service) ? services[service] : undefined;
  const found = operations !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (found !== undefined) return found;
  const served = Object.entries(services).flatMap(([prefix, all]) =>
    Object.keys(all).map((each) => `${prefix}.${each}`),
  );
  throw new ApiError(
    "UnknownOperationException",
    `X-Amz-Target ${JSON.stringify(target.slice(0, 100))} is not served here. Served: ${served.join(", ")}.`,
  );
}

/** An error as the protocol tells of it. */
export function refusal(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ApiError)
    return { status: error.status, body: { ...error.members, __type: error.code, message } };
  if (error instanceof ServiceError) return { status: 400, body: { __type: error.code, message } };
  if (error instanceof InvalidDefinition) return { status: 400, body: { __type: error.name, message } };
  return { status: 500, body: { __type: "InternalFailure", message } };
}
