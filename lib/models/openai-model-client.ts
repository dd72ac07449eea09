import { ErrorClass, HoldfastError, objectOf, parseObject } from "../contract/index.ts";
import type { Fetch, ModelClient, Secrets } from "../ports/index.ts";
import { CONTEXT_FULL, completionBody, responseOf } from "./openai-messages.ts";

/** Where models are asked as OpenAI is. */
export interface ChatEndpoint {
  /** URL of the API, such as `https://api.openai.com/v1`. */
  readonly url: string;
  /** What the model is called there. @default as requests call it */
  readonly model?: string | undefined;
  /** Names the secret that is the key. Absent where nobody asks for one. */
  readonly auth?: { readonly secret: string } | undefined;
  /** What the limit of an answer is called there; older servers know `max_tokens` only. @default max_completion_tokens */
  readonly limit?: "max_completion_tokens" | "max_tokens" | undefined;
}

/** An error answer, in the shape that the clients of OpenAI give it, but without its text: that may quote the key. */
export class OpenAiFailure extends Error {
  override readonly name = "OpenAiFailure";

  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly error: { readonly code?: string; readonly type?: string },
  ) {
    super(`The model's endpoint answered with status ${status}${error.code === undefined ? "" : `, ${error.code}`}.`);
  }
}

/** Codes and types as they are, nothing that somebody might have written into them. */
const CODE = /^[\w.-]{1,64}$/;

/**
 * Models behind an endpoint that is compatible with the chat completions of OpenAI. Guardrails and cache points are not
 * known there: a request that names a guardrail is refused, and what is cached is the provider's affair. The key is read for
 * each call, so that one that was rotated is taken up.
 *
 * @param ports with a `fetch` that waits for as long as a model thinks
 *
 * @throws OpenAiFailure, what `fetch` and `secrets` throw, Holdfast.Transient with code `model-answer-unreadable`, Holdfast.Denied with
 * code `model-key-unusable`, and Holdfast.Permanent with code `guardrail-unsupported` or `model-answer-too-large`
 */
export const openAiModelClient = (
  { secrets, fetch }: { readonly secrets: Secrets; readonly fetch: Fetch },
  { url, model, auth, limit = "max_completion_tokens" }: ChatEndpoint,
): ModelClient => ({
  async converse(request) {
    if (request.guardrail !== undefined) {
      throw new HoldfastError(
        ErrorClass.Permanent,
        "guardrail-unsupported",
        `The guardrail ${request.guardrail.id} belongs to Amazon Bedrock; ${request.model} is asked elsewhere. Leave it out, or take a model of Bedrock.`,
      );
    }
    const key = auth && usable(await secrets.read(auth.secret));
    const answer = await fetch(`${url.replace(/\/$/, "")}/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(completionBody({ ...request, model: model ?? request.model }, limit)),
      redirect: "manual",
      signal: request.signal,
    });
    const content = parseObject(await textOf(answer.body, new URL(url).host));
    if (!answer.ok) {
      const { code, type } = objectOf(content?.error);
      if (code === "context_length_exceeded") return CONTEXT_FULL;
      throw new OpenAiFailure(answer.status, answer.headers, { ...named("code", code), ...named("type", type) });
    }
    if (content !== undefined) return responseOf(request, content);
    throw new HoldfastError(
      ErrorClass.Transient,
      "model-answer-unreadable",
      `${new URL(url).host} answered with status ${answer.status} and no JSON object.`,
    );
  },
});

/** In bytes: no turn of a model comes near it, and all of it is held in memory. */
const LARGEST_ANSWER = 16 * 1_024 * 1_024;

async function textOf(body: Response["body"], host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER) {
      throw new HoldfastError(
        ErrorClass.Permanent,
        "model-answer-too-large",
        `${host} answers with more than ${LARGEST_ANSWER} bytes, which is no turn of a model. See whether its URL is that of the API.`,
      );
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Checked here, since `fetch` quotes what it takes for no header. */
function usable(key: string): string {
  if (/^[!-~]+$/.test(key.trim())) return key.trim();
  throw new HoldfastError(
    ErrorClass.Denied,
    "model-key-unusable",
    `The key of the model's endpoint is ${key.trim() === "" ? "empty" : "no single word of ASCII characters"}. Store the key alone.`,
  );
}

const named = (name: "code" | "type", value: unknown) =>
  typeof value === "string" && CODE.test(value) ? { [name]: value } : {};
