import { isObject, type Json, type JsonObject } from "../../contract/index.ts";
import type { TaskHandler, TaskInvocation, TaskRegistry } from "./tasks.ts";
import { TaskError } from "./tasks.ts";

/** A Lambda function, as a Task calls it. */
export type FunctionHandler = (payload: Json, invocation: TaskInvocation) => Json | Promise<Json>;

/**
 * The registry of a laptop that has Lambda functions and nothing else: `lambda:invoke`, with and without a token, and
 * Tasks whose resource is the function itself.
 *
 * @param find the function of a name or an ARN, as the definition gives it.
 */
export function lambdaTasks(find: Find): TaskRegistry {
  return (resource) => {
    if (resource.service !== "lambda") return undefined;
    return resource.kind === "function" ? callFunction(find, resource.arn) : invokeFunction(find);
  };
}

type Find = (functionName: string) => FunctionHandler | undefined;

const callFunction =
  (find: Find, arn: string): TaskHandler =>
  (invocation) =>
    run(find, arn, invocation.arguments, invocation);

/** The shape of the optimised integration's result. */
const invokeFunction =
  (find: Find): TaskHandler =>
  async (invocation) => {
    const parameters: JsonObject = isObject(invocation.arguments) ? invocation.arguments : {};
    const Payload = await run(find, String(parameters.FunctionName), parameters.Payload ?? {}, invocation);
    return { ExecutedVersion: "$LATEST", Payload, StatusCode: 200 };
  };

async function run(find: Find, name: string, payload: Json, invocation: TaskInvocation): Promise<Json> {
  const handler = find(name);
  if (handler === undefined) throw new TaskError("Lambda.ResourceNotFoundException", `Function not found: ${name}`);
  try {
    return await handler(payload, invocation);
  } catch (error) {
    throw error instanceof TaskError ? error : lambdaError(error);
  }
}

/** As the Lambda runtime reports it. */
function lambdaError(thrown: unknown): TaskError {
  const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const trace = stack?.split("\n");
  const cause = { errorType: name, errorMessage: message, ...(trace === undefined ? {} : { trace }) };
  return new TaskError(name, JSON.stringify(cause));
}
