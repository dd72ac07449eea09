import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Json, type JsonObject, listOf, objectOf } from "../../lib/contract/index.ts";
import { startServer } from "./loopback-server.ts";
import { CREDENTIALS, signatureProblem } from "./signature.ts";

export interface BedrockAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject | string;
}

/** A request to Bedrock and its answer, as they go over the wire. */
export interface Exchange {
  readonly request: { readonly path: string; readonly body: JsonObject };
  readonly response: BedrockAnswer;
}

/** What becomes of a request otherwise: the connection breaks, or nothing comes, or half of an answer and no more. */
export type Trouble = "broken" | "silent" | "half";

/** An exchange of the folder `bedrock`, by its name. */
export const exchange = (name: string): Exchange =>
  JSON.parse(readFileSync(new URL(`bedrock/${name}.json`, import.meta.url), "utf8"));

/**
 * A Bedrock runtime on loopback, for whoever signs his requests well. It answers a request that it knows from an exchange
 * as that tells, and refuses others as Bedrock refuses what it does not understand.
 */
export async function startBedrock(exchanges: readonly Exchange[] = []) {
  /** In store for the next requests, whatever they ask. */
  const next: (BedrockAnswer | Trouble)[] = [];
  const received: { readonly path: string; readonly body: JsonObject; readonly text: string }[] = [];

  const answerTo = (path: string, body: JsonObject): BedrockAnswer | Trouble =>
    strangeCalls(body) ??
    next.shift() ??
    exchanges.find(({ request }) => request.path === path && isDeepStrictEqual(request.body, body))?.response ??
    failure("ValidationException", 400, "No exchange is known for this request.");

  const server = await startServer((request, response, bytes) => {
    const problem = signatureProblem(request, bytes, CREDENTIALS.secretAccessKey, "bedrock");
    const path = request.url ?? "";
    const text = bytes.toString();
    const body: JsonObject = JSON.parse(text);
    received.push({ path, body, text });
    const found = problem === undefined ? answerTo(path, body) : failure(problem, 403, "The signature does not match.");
    if (found === "silent") return;
    if (found === "broken") return void request.socket.destroy();
    if (found === "half") return void response.writeHead(200, { "content-length": 100 }).write('{"output":');
    const headers = { "content-type": "application/json", "x-amzn-requestid": "4fd1e2a0", ...found.headers };
    response
      .writeHead(found.status, headers)
      .end(typeof found.body === "string" ? found.body : JSON.stringify(found.body));
  });
  return { ...server, next, received };
}

const TAKEN = /^[a-zA-Z0-9_-]{1,64}$/;

/** What Bedrock says to names and ids that it does not take, to calls of one id, and to results of other calls than those of the turn before. */
function strangeCalls({ messages }: JsonObject): BedrockAnswer | undefined {
  let due: Json[] = [];
  const seen = new Set<Json>();
  for (const message of listOf(messages).map(objectOf)) {
    const blocks = listOf(message.content).map(objectOf);
    const uses = blocks.flatMap(({ toolUse }) => (toolUse === undefined ? [] : [objectOf(toolUse)]));
    const answered = blocks.flatMap(({ toolResult }) => objectOf(toolResult).toolUseId ?? []);
    for (const { toolUseId = null, name = null } of uses) {
      if (![toolUseId, name].every((each) => TAKEN.test(String(each))) || seen.has(toolUseId))
        return failure("ValidationException", 400, `Value '${name}' or '${toolUseId}' failed to satisfy constraint`);
      seen.add(toolUseId);
    }
    if (answered.some((id) => !due.includes(id)) || new Set(answered).size < answered.length)
      return failure("ValidationException", 400, "The toolResult blocks do not match the toolUse blocks.");
    due = uses.map(({ toolUseId = null }) => toolUseId);
  }
  return undefined;
}

/** An error of Bedrock, by its name. */
export const failure = (name: string, status: number, message: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`, ...headers },
  body: { message },
});
