import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Json } from "../../lib/contract/index.ts";
import { allSteps, checkAgent, type LoadedAgent, pinOf } from "../../lib/definition/index.ts";
import { environmentSecrets } from "../../lib/local/environment-secrets.ts";
import type { LocalAws } from "../../lib/local/index.ts";
import { reasoningHost } from "../../lib/local/reasoning-host.ts";
import type { ListedTool, ModelRequest } from "../../lib/ports/index.ts";
import type { Reasoning } from "../../lib/runtime/index.ts";
import { mcpServer, stdioLine } from "../../lib/tools/index.ts";
import { agent, type Raw, reason } from "../definition/documents.ts";
import { FIND_PIN, tool } from "../definition/tool-cases.ts";
import { startServer } from "../fakes/loopback-server.ts";
import { startOpenAi } from "../fakes/openai-server.ts";
import { testPorts } from "../fakes/ports.ts";
import { mcpProcesses } from "../tools/mcp-process.ts";

const mcp = await mcpProcesses();

const directory = await mkdtemp(join(tmpdir(), "holdfast-reasoning-"));
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeAll(async () => {
  await writeFile(join(directory, "script.yaml"), "replies: [{ text: I think. }]");
  await writeFile(
    join(directory, "order.mjs"),
    "export const run = ({ id }, { given, blobs }) => ({ id, given, blobs: typeof blobs.read });",
  );
  await writeFile(join(directory, "no-run.mjs"), "export const runs = 1;");
});

/** It gives up after five minutes without a word. */
beforeAll(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Who may think for long is not asked by it.")));
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const SCRIPT = "scripted/script.yaml";
const SECRETS = { HOLDFAST_SECRET_SHOP_API: "shop-key", HOLDFAST_SECRET_OPENAI_KEY: "sk-for-us" };
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

function host(aws: Partial<LocalAws> = {}) {
  let loads = 0;
  const never = () => Promise.reject(new TypeError("It is not asked."));
  const openAws = async () => {
    loads += 1;
    return { bedrock: { converse: never }, lambda: () => ({ call: never }), ...aws };
  };
  const made = reasoningHost({ secrets: environmentSecrets(SECRETS), openAws });
  opened.push(made.close);
  return { ...made, loads: () => loads };
}

const order = (more: Raw = {}) => tool({ handler: undefined, output: {}, ...more });

/** An agent whose steps `one` and `two` think with the same models and with all of its tools. */
function thinking(models: Raw, more: Raw = {}): LoadedAgent {
  const tools = { order: order({ handler: "./order.mjs" }), ...(more.tools ?? {}) };
  const steps = ["one", "two"].map((name) => reason({ name, models, tools: Object.keys(tools) }));
  const checked = checkAgent(agent({ ...more, tools, steps }));
  if (!checked.ok) throw new TypeError(JSON.stringify(checked.problems));
  return { name: "orders", directory, file: join(directory, "agent.yaml"), document: checked.agent };
}

const stepOf = ({ document }: LoadedAgent, name: string) => {
  const step = [...allSteps(document.steps)].find((each) => each.name === name);
  if (step?.kind !== "reason") throw new TypeError(`There is no reasoning step ${name}.`);
  return step;
};
const request = (model: string): ModelRequest => ({
  ...{ model, system: "", messages: [], tools: [], maxTokens: 9, idempotencyKey: "k" },
  signal: new AbortController().signal,
});

describe("what a step thinks with", () => {
  test("is the same for the same step and ports, and another for others", async () => {
    const { open } = host();
    const desk = thinking({ first: SCRIPT });
    const [ports, others] = [testPorts(), testPorts()];
    const first = await open(desk, stepOf(desk, "one"), ports);
    expect(await open(desk, stepOf(desk, "one"), ports)).toBe(first);
    expect(await open(desk, stepOf(desk, "two"), ports)).not.toBe(first);
    expect(await open(desk, stepOf(desk, "one"), others)).not.toBe(first);
    expect(first.clock).toBe(ports.clock);
  });

  test("is one script for all who name its file, and nothing of AWS is loaded for it", async () => {
    const { open, loads } = host();
    const desk = thinking({ first: SCRIPT });
    const one = await open(desk, stepOf(desk, "one"), testPorts());
    const two = await open(desk, stepOf(desk, "two"), testPorts());
    const client = one.models(SCRIPT);
    expect((await client.converse(request(SCRIPT))).content).toEqual([{ kind: "text", text: "I think." }]);
    expect(two.models(SCRIPT)).toBe(client);
    expect(loads()).toBe(0);
  });

  test("is Bedrock, loaded once it is asked, and once only", async () => {
    const asked: string[] = [];
    const bedrock: LocalAws["bedrock"] = {
      async converse({ model }) {
        asked.push(model);
        throw new TypeError("That is all.");
      },
    };
    const { open, loads } = host({ bedrock });
    const ids = ["eu.amazon.nova-pro-v1:0", "eu.amazon.nova-lite-v1:0"];
    const desk = thinking({ first: ids[0], fallback: ids[1] });
    const { models } = await open(desk, stepOf(desk, "one"), testPorts());
    const clients = ids.map((id) => [id, models(id)] as const);
    expect(loads()).toBe(0);
    for (const [id, client] of clients) await expect(client.converse(request(id))).rejects.toThrow("That is all.");
    expect(asked).toEqual(ids);
    expect(loads()).toBe(1);
  });

  test("is an endpoint, which knows the model by its own name, and us by the key", async () => {
    const server = await startOpenAi("sk-for-us");
    opened.push(server.stop);
    server.next.push({ status: 200, body: { choices: [{ message: { content: "Well." }, finish_reason: "stop" }] } });
    const endpoint = { url: server.baseUrl, auth: { secret: "openai/key" }, limit: "max_tokens" };
    const models = { "openai/acme/gpt": { prices: { input: 1, output: 2 }, endpoint } };
    const desk = thinking({ first: "openai/acme/gpt" }, { models });
    const { models: modelOf } = await host().open(desk, stepOf(desk, "one"), testPorts());
    const { content } = await modelOf("openai/acme/gpt").converse(request("openai/acme/gpt"));
    expect(content).toEqual([{ kind: "text", text: "Well." }]);
    expect(server.received).toEqual([expect.objectContaining({ model: "acme/gpt", max_tokens: 9 })]);
  });
});

describe("a tool of a step", () => {
  const call = ({ gateway }: Reasoning, name: string, input: Json = { id: "7" }) =>
    gateway.call({ name, input, given: { by: "customer" }, idempotencyKey: "k", signal: AbortSignal.timeout(20_000) });
  const calling = async (desk: LoadedAgent, name: string, { open } = host()) =>
    call(await open(desk, stepOf(desk, "one"), testPorts()), name);

  test("that is a function knows what the step was given, and its objects", async () => {
    const output = { id: "7", given: { by: "customer" }, blobs: "function" };
    expect(await calling(thinking({ first: SCRIPT }), "order")).toMatchObject({ ok: true, output });
  });

  test("whose module has no run ends the step, before a model is asked", async () => {
    const desk = thinking({ first: SCRIPT }, { tools: { order: order({ handler: "./no-run.mjs" }) } });
    await expect(calling(desk, "order")).rejects.toThrow("./no-run.mjs of orders exports no function `run`");
  });

  test("that is an HTTP API is called with its secret", async () => {
    const server = await startServer((asked, response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ path: asked.url, knows: asked.headers.authorization === "Bearer shop-key" })),
    );
    opened.push(server.stop);
    const http = { url: `${server.endpoint}/orders/{id}`, method: "GET", auth: { secret: "shop/api" } };
    const desk = thinking({ first: SCRIPT }, { tools: { http: order({ http }) } });
    expect(await calling(desk, "http")).toMatchObject({ ok: true, output: { path: "/orders/7", knows: true } });
  });

  test("that is a Lambda function is invoked by what is loaded of AWS then", async () => {
    const lambda: LocalAws["lambda"] = (name) => ({ call: async ({ input }) => ({ output: { name, input } }) });
    const desk = thinking({ first: SCRIPT }, { tools: { away: order({ lambda: "prices:live" }) } });
    const output = { name: "prices:live", input: { id: "7" } };
    expect(await calling(desk, "away", host({ lambda }))).toMatchObject({ ok: true, output });
  });

  test("of an MCP server shares its session with those of other steps, until all are closed", async () => {
    const listed = await listedBy("who");
    const declared = { description: listed.description, input: listed.input, mcp: mcpTool(listed) };
    const mcpServers = { shop: mcp.command };
    const desk = thinking({ first: SCRIPT }, { mcpServers, tools: { who: order(declared) } });
    const { open, close } = host();
    const processOf = async (step: string) => {
      const outcome = await call(await open(desk, stepOf(desk, step), testPorts()), "who", {});
      return outcome.ok ? outcome.output : outcome.failure;
    };
    const first = await processOf("one");
    expect(first).toEqual({ text: expect.stringMatching(/^\d+$/) });
    expect(await processOf("two")).toEqual(first);
    await close();
    const { text } = first as { readonly text: string };
    await expect.poll(() => isRunning(Number(text))).toBe(false);
  });

  const mcpTool = (listed: ListedTool) => ({ server: "shop", tool: listed.name, pinned: pinOf(listed) });
});

test("what was never reached, or could not be, is closed as well", async () => {
  const { open, close } = host();
  const mcp = { server: "shop", tool: "find", pinned: FIND_PIN };
  const mcpServers = { shop: { command: join(directory, "nothing-here") } };
  const desk = thinking({ first: SCRIPT }, { mcpServers, tools: { who: order({ mcp }) } });
  const { gateway } = await open(desk, stepOf(desk, "one"), testPorts());
  const asked = {
    name: "who",
    input: { id: "7" },
    given: null,
    idempotencyKey: "k",
    signal: AbortSignal.timeout(20_000),
  };
  await expect(gateway.call(asked)).rejects.toMatchObject({ code: "tool-unreachable" });
  await close();
  await close();
});

/** What the stock server says of a tool, asked in a session of its own. */
async function listedBy(name: string): Promise<ListedTool> {
  const line = stdioLine({ read: async () => "" }, { ...mcp.command, env: {} });
  const server = mcpServer(line, { now: () => 0 });
  const listed = await server.tool(name).listed?.(AbortSignal.timeout(20_000));
  await server.close();
  if (listed === undefined) throw new TypeError(`The server lists no ${name}.`);
  return listed;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
