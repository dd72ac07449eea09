import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { DynamoRunStore, systemClock } from "../../lib/aws/index.ts";
import { Environment, type Json } from "../../lib/contract/index.ts";
import { checkAgent, pinOf } from "../../lib/definition/index.ts";
import { agentEntries, bundle } from "../../lib/infra/index.ts";
import { openRun } from "../../lib/runtime/index.ts";
import { httpLine, mcpServer } from "../../lib/tools/index.ts";
import { agent, reason } from "../definition/documents.ts";
import { tool } from "../definition/tool-cases.ts";
import { startDynalite } from "../dynalite.ts";
import { startServer } from "../fakes/loopback-server.ts";
import { startOpenAi } from "../fakes/openai-server.ts";
import { startSecretsManager } from "../fakes/secrets-manager-server.ts";
import { mcpProcesses } from "../tools/mcp-process.ts";

const SECRETS = { "openai/key": "sk-for-us", "shop/api": "shop-key", "shop/mcp": "mcp-token" };
const directory = await mkdtemp(join(tmpdir(), "holdfast-reason-function-"));
const dynalite = await startDynalite();
const openAi = await startOpenAi(SECRETS["openai/key"]);
const secrets = await startSecretsManager();
for (const [name, secret] of Object.entries(SECRETS)) secrets.secrets.set(name, secret);
const mcp = await (await mcpProcesses()).overHttp(SECRETS["shop/mcp"]);
const shop = await startServer((request, response) => {
  const paid = request.headers.authorization === `Bearer ${SECRETS["shop/api"]}`;
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ paid, path: request.url }));
});
afterAll(async () => {
  await Promise.all([shop.stop(), dynalite.stop(), openAi.stop(), secrets.stop(), mcp.stop()]);
  await rm(directory, { recursive: true, force: true });
});

/** The bundled function of a step that has a tool of each kind that needs no AWS, and asks a script where the endpoint is down. */
async function bundled(): Promise<string> {
  const auth = { secret: "shop/mcp" };
  const line = httpLine(
    { secrets: { read: async () => SECRETS["shop/mcp"] }, fetch },
    { url: mcp.url, headers: {}, auth: { ...auth, header: "authorization", scheme: "Bearer" } },
  );
  const server = mcpServer(line, systemClock);
  const listed = await server.tool("order").listed?.(AbortSignal.timeout(20_000));
  await server.close();
  if (listed === undefined) throw new TypeError("The server lists no order.");
  const away = { handler: undefined, output: {} };
  const url = `${shop.endpoint}/orders/{id}`;
  const checked = checkAgent(
    agent({
      tools: {
        code: tool({ handler: "./order.ts", output: {} }),
        http: tool({ ...away, http: { url, method: "GET", auth: { secret: "shop/api" } } }),
        order: tool({
          ...{ ...away, description: listed.description, input: listed.input },
          mcp: { server: "shop", tool: "order", pinned: pinOf(listed) },
        }),
      },
      mcpServers: { shop: { url: mcp.url, auth } },
      models: {
        "openai/gpt": {
          prices: { input: 1, output: 2 },
          endpoint: { url: openAi.baseUrl, auth: { secret: "openai/key" } },
        },
      },
      steps: [
        reason({ tools: ["code", "http", "order"], models: { first: "openai/gpt", fallback: "scripted/script.yaml" } }),
      ],
    }),
  );
  if (!checked.ok) throw new TypeError(JSON.stringify(checked.problems));
  await writeFile(join(directory, "order.ts"), "export const run = (input: object, { given }) => ({ input, given });");
  const script = { replies: [{ toolCalls: [{ name: "answer", input: { ok: "{{http.data.paid}}" } }] }] };
  await writeFile(join(directory, "script.yaml"), JSON.stringify(script));
  await bundle(agentEntries({ document: checked.agent, directory }), join(directory, "out"));
  return pathToFileURL(join(directory, "out", "orders", "step_think", "index.mjs")).href;
}

/** Invokes a function in a process of its own, as Lambda does. */
async function invoked(handler: string, event: object): Promise<Json> {
  const { hostname, port } = (await dynalite.client.config.endpoint?.()) ?? { hostname: "", port: 0 };
  const script = `
    globalThis.fetch = () => Promise.reject(new TypeError("Who may think for long is not asked by it."));
    const { handler } = await import(process.argv[1]);
    const result = await handler(JSON.parse(process.argv[2])).catch(({ name, message }) => ({ name, message }));
    process.stdout.write("\\nresult " + JSON.stringify(result), () => process.exit());`;
  const env = {
    ...{ PATH: process.env.PATH, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x", AWS_LAMBDA_FUNCTION_NAME: "think" },
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: `http://${hostname}:${port}`, AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint },
    ...{ [Environment.table]: dynalite.table, [Environment.claims]: "s3://claims/", NODE_NO_WARNINGS: "1" },
  };
  const given = ["--input-type=module", "--eval", script, handler, JSON.stringify(event)];
  const { stdout } = await promisify(execFile)(process.execPath, given, { env });
  for (const secret of Object.values(SECRETS)) expect(stdout).not.toContain(secret);
  return JSON.parse(/\nresult (.*)$/.exec(stdout)?.[1] ?? "null");
}

const calling = (...calls: readonly (readonly [name: string, input: Json])[]) => ({
  status: 200,
  body: {
    choices: [
      {
        finish_reason: "tool_calls",
        message: {
          tool_calls: calls.map(([name, input], index) => ({
            id: `call-${index}`,
            function: { name, arguments: JSON.stringify(input) },
          })),
        },
      },
    ],
  },
});

test("a bundled reasoning step asks its models and calls tools of every kind, with the secrets of each", async () => {
  const runId = `orders-${"7".repeat(32)}`;
  const store = new DynamoRunStore(dynalite.client, dynalite.table);
  await openRun({ store, clock: systemClock }, runId, {});
  openAi.next.push(calling(["code", { id: "7" }], ["http", { id: "7" }], ["order", { id: "7" }]), {
    status: 503,
    body: {},
  });
  const event = { runId, path: "think", visit: 1, attempt: 1, input: { id: "7" } };
  expect(await invoked(await bundled(), event)).toEqual({ output: { ok: true } });
  const said = openAi.received.at(-1)?.messages as readonly { readonly role: string; readonly content: string }[];
  const results = said.filter(({ role }) => role === "tool").map(({ content }) => JSON.parse(content).data);
  expect(results).toEqual([
    { input: { id: "7" }, given: { id: "7" } },
    { paid: true, path: "/orders/7" },
    { id: "7", paid: true },
  ]);
  expect(openAi.received.map(({ model }) => model)).toEqual(["gpt", "gpt"]);
});
