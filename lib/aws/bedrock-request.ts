import { ErrorClass, HoldfastError, type JsonObject } from "../contract/index.ts";
import { escaped } from "./rfc3986.ts";
import { objectIn, type ServiceAccess, ServiceFailure, signedPost } from "./signed-post.ts";

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
  if (statusCode >= 300) throw new ServiceFailure(posted);
  const content = objectIn(text);
  if (content !== undefined) return content;
  throw new HoldfastError(
    ErrorClass.Transient,
    "model-answer-unreadable",
    `${host} answered with status ${statusCode} and ${text.length} characters that are no JSON object.`,
  );
}
