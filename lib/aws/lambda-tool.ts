import { ErrorClass, type Json, parseJson, parseObject } from "../contract/index.ts";
import { type ToolAnswer, ToolFailed, type ToolTransport } from "../ports/index.ts";
import { escaped } from "./rfc3986.ts";
import { type Posted, type ServiceAccess, ServiceFailure, signedPost } from "./signed-post.ts";

/**
 * A tool that is a Lambda function, invoked once and waited for. Its event is the tool's input, and what it returns the
 * output; the idempotency key is in its client context, as `custom["idempotency-key"]`. A function that throws an error whose
 * type is `Holdfast.Permanent` says that it cannot or will not, and why; every other error is a crash.
 *
 * @param name or ARN of the function, also with a version or an alias. An ARN leads to its own Region.
 * @throws ToolFailed, ServiceFailure, and what the connection fails with
 */
export const lambdaTool = (access: ServiceAccess, name: string): ToolTransport => ({
  async call({ input, idempotencyKey, signal }) {
    const posted = await signedPost(access, {
      service: "lambda",
      region: /^arn:[^:]+:lambda:([^:]+):/.exec(name)?.[1],
      path: `/2015-03-31/functions/${escaped(name)}/invocations`,
      headers: { "x-amz-client-context": contextOf(idempotencyKey) },
      body: input,
      signal,
    });
    if (posted.statusCode === 404)
      throw new ToolFailed("unreachable", "There is no such Lambda function.", { isUnsent: true });
    if (posted.statusCode >= 300) throw new ServiceFailure(posted);
    return answerOf(posted);
  },
});

const contextOf = (idempotencyKey: string) =>
  Buffer.from(JSON.stringify({ custom: { "idempotency-key": idempotencyKey } })).toString("base64");

function answerOf({ headers, text }: Posted): ToolAnswer {
  if (headers["x-amz-function-error"] === undefined) return { output: outputOf(text) };
  const { errorType, errorMessage } = parseObject(text) ?? {};
  if (errorType === ErrorClass.Permanent) return { refused: String(errorMessage) };
  throw new ToolFailed("unreachable", "Its function failed, or was not done in its own time.");
}

function outputOf(text: string): Json {
  if (text === "") return null;
  const output = parseJson(text);
  if (output !== undefined) return output;
  throw new ToolFailed("outputInvalid", "Its function answers with what is no JSON.");
}
