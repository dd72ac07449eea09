import { ErrorClass, HoldfastError, type JsonObject, parseObject } from "../contract/index.ts";
import { escaped } from "./rfc3986.ts";
import { errorNameOf, type Posted, type ServiceAccess, ServiceFailure, signedPost } from "./signed-post.ts";

const UNKNOWN_MODEL =
  "See whether the Region has a model of this id; newer ones are asked by an inference profile (eu.…, us.…, global.…).";

/** What to do about errors, by their names. */
const FIXES: ReadonlyMap<string, string> = new Map([
  [
    "AccessDeniedException",
    "See whether the account and the function's role may use this model (bedrock:InvokeModel).",
  ],
  ["ResourceNotFoundException", UNKNOWN_MODEL],
  ["ThrottlingException", "If this goes on, raise the account's quota for the model."],
  ["ValidationException", "See whether the model takes what is asked of it: tools, guardrail, maxTokens."],
]);

/** As Bedrock and its models say it: neither has a name of its own. */
const SAYS_UNKNOWN_MODEL = /^(The provided model identifier is invalid|Invocation of model ID \S+ with on-demand)/i;
const SAYS_TOO_LONG =
  /^(The model returned the following errors: )?(Input is too long|prompt is too long|Input Tokens Exceeded|Too many input tokens|This model's maximum context length)/i;

/** As Bedrock answers where a model has come to the end of its context window. */
const CONTEXT_FULL: JsonObject = { stopReason: "model_context_window_exceeded", usage: {} };

/**
 * Asks a model by Converse: one signed request, never repeated.
 *
 * @throws ServiceFailure; Holdfast.Transient with code `model-answer-unreadable` for an answer that is no JSON object
 */
export async function requestConverse(
  access: ServiceAccess,
  model: string,
  body: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const path = `/model/${escaped(model)}/converse`;
  const posted = await signedPost(access, { service: "bedrock", host: "bedrock-runtime", path, body, signal });
  const { host, statusCode, text } = posted;
  if (statusCode >= 300) return refused(posted);
  const content = parseObject(text);
  if (content !== undefined) return content;
  throw new HoldfastError(
    ErrorClass.Transient,
    "model-answer-unreadable",
    `${host} answered with status ${statusCode} and ${text.length} characters that are no JSON object.`,
  );
}

/** @throws ServiceFailure, unless the conversation is longer than the model takes. */
function refused(posted: Posted): JsonObject {
  const name = errorNameOf(posted);
  const { message } = parseObject(posted.text) ?? {};
  const said = name === "ValidationException" && typeof message === "string" ? message : "";
  if (SAYS_TOO_LONG.test(said)) return CONTEXT_FULL;
  throw new ServiceFailure(posted, SAYS_UNKNOWN_MODEL.test(said) ? UNKNOWN_MODEL : FIXES.get(name ?? ""));
}
