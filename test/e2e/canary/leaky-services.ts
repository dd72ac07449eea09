import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { PAYLOAD, SECRETS } from "./canaries.ts";

/** What a service says. */
interface Said {
  readonly status: number;
  readonly body: object | string;
}

/**
 * A service that a step calls at `/`, an API that a model calls at `/shop`, and a model at `/v1`: what they answer, and how they fail,
 * repeats what they were told, keys included.
 */
export async function startLeakyServices() {
  const asked = new Set<string>();
  const answers: Readonly<Record<string, (body: Body, key: string) => Said>> = {
    "/": () => ({ status: 200, body: {} }),
    "/shop": shop,
    "/v1/chat/completions": (body, key) => model(body, key, asked),
  };
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const key = request.headers.authorization ?? "";
    const { status, body } = (answers[request.url ?? ""] ?? lost)(text === "" ? {} : JSON.parse(text), key);
    const isText = typeof body === "string";
    response
      .writeHead(status, {
        "content-type": isText ? "text/plain" : "application/json",
        "set-cookie": `session=${SECRETS.responseHeader}`,
      })
      .end(isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Body {
  readonly note?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
}

const lost = (): Said => ({ status: 404, body: {} });

function shop({ note = "" }: Body, key: string): Said {
  const words = `${PAYLOAD.toolErrorText} password=${SECRETS.toolError} ${key}`;
  if (note.startsWith("refuse")) return { status: 422, body: words };
  return { status: 200, body: { note: PAYLOAD.toolOutputNote, token: SECRETS.toolOutput, key } };
}

const CALL = { note: PAYLOAD.toolInputNote, password: SECRETS.toolInput };
const REFUSED = { ...CALL, note: `refuse ${PAYLOAD.toolInputNote}` };
const QUESTION = {
  question: `Is that right? ${PAYLOAD.modelQuestion} token=${SECRETS.modelText}`,
  recommendation: `I think so. ${PAYLOAD.modelQuestion} token=${SECRETS.modelText}`,
};

/** What the model calls, turn by turn. */
const TURNS: readonly (readonly (readonly [name: string, input: object])[])[] = [
  [
    ["look", CALL],
    ["shop", CALL],
  ],
  [
    ["look", REFUSED],
    ["shop", REFUSED],
  ],
  // Nobody is asked about what has a secret in it.
  [["book", CALL]],
  [["book", { note: PAYLOAD.toolInputNote }]],
  [["ask-people", QUESTION]],
];

/** Out of order the first time that a conversation begins. */
function model({ messages = [] }: Body, key: string, asked: Set<string>): Said {
  const begin = messages.find(({ role }) => role === "user")?.content ?? "";
  const turn = messages.filter(({ role }) => role === "assistant").length;
  if (!asked.has(begin)) {
    asked.add(begin);
    return { status: 503, body: { error: { message: `${key} ${begin}`, code: "overloaded", type: "server_error" } } };
  }
  const calls = TURNS[turn] ?? [];
  const message = {
    content: `I go on. ${PAYLOAD.modelNote} token=${SECRETS.modelText}`,
    tool_calls: calls.map(([name, input], index) => ({
      id: `call-${turn}-${index}`,
      type: "function",
      function: { name, arguments: JSON.stringify(input) },
    })),
  };
  const usage = { prompt_tokens: 100, completion_tokens: 20 };
  return { status: 200, body: { choices: [{ message, finish_reason: "tool_calls" }], usage } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
