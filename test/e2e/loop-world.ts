import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json, JsonObject } from "../../lib/contract/index.ts";

/** A call that the world outside was asked for. */
export interface Call {
  /** `turn 3` of the model, or the path of a tool. */
  readonly what: string;
  readonly key: string;
  readonly body: string;
  /** A repeat that was known by its key, and did nothing. */
  readonly isRepeat: boolean;
}

interface Asked {
  readonly name: string;
  readonly input: JsonObject;
}

/** The model and the tools of a loop, as one server on loopback that counts what it is asked. It outlives all processes. */
export async function loopWorld(turns: readonly (readonly Asked[])[], answer: JsonObject) {
  const calls: Call[] = [];
  const known = new Map<string, Json>();
  let onBoundary: (moment: "asked" | "answered", call: Call) => void = () => undefined;

  const chat = (body: string): JsonObject => {
    const turn = turnOf(body);
    const asked = turns[turn] ?? [{ name: "answer", input: answer }];
    const tool_calls = asked.map(({ name, input }, index) => ({
      id: `call-${turn}-${index}`,
      type: "function",
      function: { name, arguments: JSON.stringify(input) },
    }));
    return {
      id: `chat-${turn}`,
      object: "chat.completion",
      choices: [{ index: 0, finish_reason: "tool_calls", message: { role: "assistant", content: null, tool_calls } }],
      usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
    };
  };

  const answerTo = (
    path: string,
    headers: IncomingHttpHeaders,
    body: string,
  ): { readonly call: Call; readonly said: Json } => {
    if (path.endsWith("/chat/completions")) {
      const what = `turn ${turnOf(body) + 1}`;
      return { call: { what, key: what, body, isRepeat: false }, said: chat(body) };
    }
    const key = String(headers["idempotency-key"]);
    const before = known.get(key);
    const said = before ?? { receipt: known.size + 1 };
    known.set(key, said);
    return { call: { what: path, key, body, isRepeat: before !== undefined }, said };
  };

  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { call, said } = answerTo(request.url ?? "", request.headers, Buffer.concat(chunks).toString());
    calls.push(call);
    response.on("finish", () => onBoundary("answered", call));
    onBoundary("asked", call);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    /** Whoever is told here may end the process that has called. */
    watch(told: typeof onBoundary) {
      onBoundary = told;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const turnOf = (body: string): number => {
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly role: string }[] };
  return messages.filter(({ role }) => role === "assistant").length;
};
