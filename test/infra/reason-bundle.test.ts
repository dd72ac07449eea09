import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentDocument, checkAgent } from "../../lib/definition/index.ts";
import { agentEntries, bundle } from "../../lib/infra/index.ts";
import { agent, type Raw, reason } from "../definition/documents.ts";
import { FIND_PIN, tool } from "../definition/tool-cases.ts";

/** Parts of a bundle, each by a text that nothing else has. */
const PARTS = {
  script: "script-no-reply",
  bedrock: "/converse",
  openai: "/chat/completions",
  http: "which is not followed",
  mcp: "mcp-session-id",
  lambda: "/2015-03-31/functions/",
  secrets: "GetSecretValue",
} as const;
type Part = keyof typeof PARTS;

const PRICES = { input: 1, output: 2 };
const MODELS = {
  "openai/open": { prices: PRICES, endpoint: { url: "http://localhost:1234/v1" } },
  "openai/keyed": { prices: PRICES, endpoint: { url: "https://a.example.com/v1", auth: { secret: "openai/key" } } },
};
const away = (more: Raw) => tool({ handler: undefined, ...more });
const pinned = FIND_PIN;
const TOOLS = {
  function: tool(),
  lambda: away({ lambda: "prices" }),
  http: away({ http: { url: "https://a.example.com/{id}", method: "GET" } }),
  "http-keyed": away({ http: { url: "https://a.example.com/{id}", method: "GET", auth: { secret: "shop/api" } } }),
  mcp: away({ mcp: { server: "shop", tool: "find", pinned } }),
  "mcp-keyed": away({ mcp: { server: "keyed", tool: "find", pinned } }),
  "mcp-local": away({ mcp: { server: "notes", tool: "find", pinned } }),
};
const SERVERS = {
  shop: { url: "https://a.example.com/mcp" },
  keyed: { url: "https://a.example.com/mcp", auth: { secret: "shop/mcp" } },
  notes: { command: "notes-mcp", args: ["--token=of-nobody"] },
};
const SCRIPT = "scripted/script.yaml";

/** Steps by their names: model and tool, and what a bundle has of that. */
const STEPS: readonly (readonly [name: string, model: string, tool: keyof typeof TOOLS, parts: readonly Part[]])[] = [
  ["scripted", SCRIPT, "function", ["script"]],
  ["bedrock", "eu.amazon.nova-pro-v1:0", "function", ["bedrock"]],
  ["open", "openai/open", "function", ["openai"]],
  ["keyed", "openai/keyed", "function", ["openai", "secrets"]],
  ["lambda", SCRIPT, "lambda", ["script", "lambda"]],
  ["http", SCRIPT, "http", ["script", "http"]],
  ["http-keyed", SCRIPT, "http-keyed", ["script", "http", "secrets"]],
  ["mcp", SCRIPT, "mcp", ["script", "mcp"]],
  ["mcp-keyed", "eu.amazon.nova-pro-v1:0", "mcp-keyed", ["bedrock", "mcp", "secrets"]],
];

const directory = await mkdtemp(join(tmpdir(), "holdfast-reason-bundle-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

const checked = (steps: readonly Raw[]): AgentDocument => {
  const named = new Set(steps.flatMap(({ tools }) => tools));
  const tools = Object.fromEntries(Object.entries(TOOLS).filter(([name]) => named.has(name)));
  const result = checkAgent(agent({ tools, mcpServers: SERVERS, models: MODELS, steps }));
  if (!result.ok) throw new TypeError(JSON.stringify(result.problems));
  return result.agent;
};
const entriesOf = (steps: readonly Raw[]) => agentEntries({ document: checked(steps), directory });
const thinking = (name: string, model: string, ...tools: readonly string[]) =>
  reason({ name, models: { first: model }, tools });

beforeAll(async () => {
  await writeFile(join(directory, "order.ts"), 'export const run = () => ({ paid: true, by: "the shop" });');
  await writeFile(join(directory, "script.yaml"), "replies: [{ text: I think. }]");
  await writeFile(join(directory, "broken.yaml"), "replies: []");
  await bundle(entriesOf(STEPS.map(([name, model, tool]) => thinking(name, model, tool))), join(directory, "out"));
});

const textOf = (name: string) =>
  readFile(join(directory, "out", "orders", `step_${name.replace("-", "_")}`, "index.mjs"), "utf8");

test.each(STEPS)("the step %s (%s, %s) carries of models and tools no more than %j", async (name, _, tool, parts) => {
  const text = await textOf(name);
  const found = Object.entries(PARTS).flatMap(([part, mark]) => (text.includes(mark) ? [part] : []));
  expect(found.sort()).toEqual([...parts].sort());
  expect(text.includes("the shop")).toBe(tool === "function");
});

test("a step stays within 560 KB, and with the client of MCP within 660 KB", async () => {
  const sizes = new Map<string, number>();
  for (const [name, , , parts] of STEPS) {
    const bytes = (await textOf(name)).length;
    sizes.set(name, bytes);
    expect(bytes, name).toBeLessThanOrEqual(parts.includes("mcp") ? 660_000 : 560_000);
  }
  console.info(`bytes of steps: ${[...sizes].map((size) => size.join(" ")).join(", ")}`);
});

test("a step starts no process and compiles no schema; only the client of MCP brings a schema library", async () => {
  for (const [name, , , parts] of STEPS) {
    const text = await textOf(name);
    expect(text, name).not.toMatch(/new Function\(|child_process/);
    expect(text.includes("ZodError"), name).toBe(parts.includes("mcp"));
  }
});

test("a server that is a command is refused, with how to do otherwise, and only to a step that has a tool of it", () => {
  expect(() => entriesOf([thinking("local", SCRIPT, "mcp", "mcp-local")])).toThrow(
    expect.objectContaining({
      ...{ name: "Holdfast.InvalidInput", code: "mcp-server-local" },
      message: expect.stringMatching(/^MCP server notes of agent orders .*mcpServers: \{ notes: \{ url \} \}/),
    }),
  );
  expect(() => entriesOf([thinking("away", SCRIPT, "mcp")])).not.toThrow();
});

test("a script that is none is refused before anything is deployed", () => {
  expect(() => entriesOf([thinking("broken", "scripted/broken.yaml", "function")])).toThrow(
    expect.objectContaining({ code: "script-invalid" }),
  );
});
