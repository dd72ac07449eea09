import { type JsonObject, listOf, objectOf } from "../../lib/contract/index.ts";
import { startServer } from "./loopback-server.ts";

export interface OpenAiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject | string;
}

/** An API of chat completions on loopback: it answers as it was told, in that order. */
export async function startOpenAi(key: string) {
  const next: (OpenAiAnswer | "broken" | "silent")[] = [];
  const received: JsonObject[] = [];

  const { endpoint, stop } = await startServer((request, response, body) => {
    received.push(JSON.parse(body.toString()));
    const say = ({ status, headers, body }: OpenAiAnswer) =>
      void response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") return say({ status: 404, body: {} });
    if (request.headers.authorization !== `Bearer ${key}`) {
      const said = `Incorrect API key provided: ${request.headers.authorization}.`;
      return say({
        status: 401,
        body: { error: { message: said, type: "invalid_request_error", code: "invalid_api_key" } },
      });
    }
    const found = strangeCalls(received.at(-1) ?? {}) ?? next.shift() ?? { status: 500, body: {} };
    if (found === "silent") return;
    if (found === "broken") return void request.socket.destroy();
    return say(found);
  });
  return { baseUrl: `${endpoint}/v1`, next, received, stop };
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ID = /^.{1,40}$/s;

/** What OpenAI says to names and ids that it does not take, to calls of one id, and to results of no call. */
function strangeCalls({ messages }: JsonObject): OpenAiAnswer | undefined {
  const said = listOf(messages).map(objectOf);
  const calls = said.flatMap((message) => listOf(message.tool_calls).map(objectOf));
  const ids = calls.map(({ id }) => String(id));
  const areTaken =
    calls.every((call) => NAME.test(String(objectOf(call.function).name))) &&
    ids.every((id) => ID.test(id)) &&
    new Set(ids).size === ids.length &&
    said.every(({ role, tool_call_id: id }) => role !== "tool" || ids.includes(String(id)));
  return areTaken ? undefined : { status: 400, body: { error: { message: "Invalid value.", code: "invalid_value" } } };
}
