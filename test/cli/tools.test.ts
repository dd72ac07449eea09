import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pinOf } from "../../lib/definition/index.ts";
import { type Raw, reason } from "../definition/documents.ts";
import { tool, write } from "../definition/tool-cases.ts";
import { mcpProcesses } from "../tools/mcp-process.ts";
import { cli, inProject, own } from "./in-project.ts";

const mcp = await mcpProcesses();

inProject();

const TOKEN = "mcp-token-value";
const plain = await mcp.overHttp();
const guarded = await mcp.overHttp(TOKEN);
const gone = await mcp.overHttp();
await gone.stop();
afterEach(() => vi.unstubAllEnvs());

interface Listed {
  readonly name: string;
  readonly description: string;
  readonly input: object;
  readonly pinned: string;
}

const DESK = { desk: { tiers: [{ audience: "clerks", within: "4h" }] } };

/** Declares an agent that thinks with these tools. */
const declare = (tools: Raw, mcpServers: Raw) =>
  own.declare("desk", {
    ...{ tools, mcpServers, escalations: DESK },
    steps: [reason({ tools: Object.keys(tools) })],
  });
const asked = async (...more: string[]) => {
  const { code, out, err } = await own.holdfast("tools", "desk", ...more);
  return { code, out, err, report: () => JSON.parse(out) };
};
const serversOf = async () => (await asked("--json")).report().servers;
const pinsOf = async (server: string): Promise<{ tool: string; state: string; difference: string; listed: Listed }[]> =>
  (await serversOf()).find((each: { server: string }) => each.server === server).tools;

const ORDER = {
  description: "Looks an order up.",
  input: {
    type: "object",
    properties: { id: { type: "string" } },
    required: ["id"],
    $schema: "http://json-schema.org/draft-07/schema#",
  },
};
/** A tool of a server, pinned as the stock server lists it, or otherwise. */
const away = (more: Raw = {}, mcp: Raw = {}) =>
  tool({ handler: undefined, ...ORDER, mcp: { server: "shop", tool: "order", pinned: PIN, ...mcp }, ...more });

/** Of the stock server's `order`. */
const PIN = pinOf({ name: "order", ...ORDER });

describe.each([
  ["a command", mcp.command, "node"],
  ["a URL", { url: plain.url }, "127.0.0.1:"],
])("the tools of a server that is %s", (_, shop, at) => {
  it("are as pinned, or not declared, with what one would declare", async () => {
    await declare({ order: away() }, { shop });
    const { code, out, err } = await asked();
    expect(code).toBe(0);
    expect(err).toContain("shop");
    expect(err).toContain(at);
    expect(out).toContain("✓ order  as pinned");
    expect(out).toMatch(
      /\+ "text" {2}not declared\n +pinned +[0-9a-f]{64}\n +description +"Does text\."\n +input +\{"/,
    );
  });

  it("pass the check as they are listed, and are as pinned then", async () => {
    await declare({ local: tool() }, { shop });
    const listed = (await pinsOf("shop")).map((pin) => pin.listed);
    const { name, pinned, ...words } =
      listed.find((each) => each.name === "order") ?? expect.fail("It lists no order.");
    await declare({ order: away(words, { tool: name, pinned }) }, { shop });
    expect((await own.holdfast("check", "desk")).code).toBe(0);
    expect(await pinsOf("shop")).toContainEqual(expect.objectContaining({ tool: "order", state: "same" }));
  });
});

describe("a pin that does not hold", () => {
  const shop = { url: plain.url };

  it.each([
    [
      "another description",
      away({ description: "Finds it." }),
      'description was "Finds it." and is "Looks an order up."',
    ],
    ["another pin", away({}, { pinned: "0".repeat(64) }), "the pinned hash is of neither"],
  ])("by %s is told of with the difference, and what is listed", async (_, order, difference) => {
    await declare({ order }, { shop });
    expect((await own.holdfast("check", "desk")).out).toContain("[pin-differs]");
    const { code, out } = await asked();
    expect(code).toBe(1);
    expect(out).toContain(`✗ order  drifted: `);
    expect(out).toContain(difference);
    expect(out).toContain(`pinned       ${PIN}`);
  });

  it("since its server has no such tool any more is told of, and others are as they were", async () => {
    const pinned = pinOf({ name: "sell", ...ORDER });
    await declare({ order: away(), sold: away({}, { tool: "sell", pinned }) }, { shop });
    const { code, out } = await asked();
    expect(code).toBe(1);
    expect(out).toContain('✗ sold  gone: its server lists no tool "sell" any more');
    expect(out).toContain("✓ order  as pinned");
  });
});

describe("a server that cannot be asked", () => {
  const auth = { secret: "shop/mcp" };

  it.each([
    ["is not there", { command: "/nowhere/at-all" }, "Its command could not be started. [tool-unreachable]"],
    ["does not answer", { url: gone.url }, "[tool-unreachable]"],
    [
      "is no server of MCP",
      { command: process.execPath, args: ["-e", "console.log('welcome')"] },
      "[tool-output-invalid]",
    ],
    [
      "needs a secret that is not there",
      { url: guarded.url, auth },
      "The secret shop/mcp is read from the environment variable HOLDFAST_SECRET_SHOP_MCP, which is not set.",
    ],
    ["needs a secret", { url: guarded.url }, "It refused the credentials that it was called with. [tool-unauthorised]"],
  ])("since it %s is told of, and others are shown", async (_, broken, words) => {
    await declare({ order: away(), lost: away({}, { server: "broken" }) }, { shop: { url: plain.url }, broken });
    const { code, out } = await asked();
    expect(code).toBe(1);
    expect(out).toContain(words);
    expect(out).toContain("✓ order  as pinned");
    const [, { failure, tools }] = await serversOf();
    expect(failure).not.toBeNull();
    expect(tools).toEqual([expect.objectContaining({ tool: "lost", state: "unknown" })]);
  });

  it("is told of although nothing of it is declared", async () => {
    await declare({ order: away() }, { shop: { url: plain.url }, other: { url: gone.url } });
    expect((await asked()).code).toBe(1);
  });

  it("is asked with its secret, which is told nowhere", async () => {
    vi.stubEnv("HOLDFAST_SECRET_SHOP_MCP", TOKEN);
    await declare({ order: away() }, { shop: { url: guarded.url, auth } });
    const { code, out, err } = await asked();
    expect(code).toBe(0);
    expect(out + err).not.toContain(TOKEN);
  });
});

describe("what a server writes", () => {
  /** A server that lists this, and writes down what it is asked. */
  const lister = async (tools: readonly object[]) => {
    const said = join(cli.directory, "said");
    const source = `
      import { appendFileSync } from "node:fs";
      import { createInterface } from "node:readline";
      const tools = ${JSON.stringify(tools).replaceAll("TOKEN", `"+process.env.TOKEN+"`)};
      const capabilities = { tools: {} };
      const serverInfo = { name: "raw", version: "1" };
      appendFileSync(${JSON.stringify(said)}, process.pid + "\\n");
      for await (const line of createInterface(process.stdin)) {
        const { id, method, params } = JSON.parse(line);
        appendFileSync(${JSON.stringify(said)}, method + "\\n");
        const result = method === "initialize"
          ? { protocolVersion: params.protocolVersion, capabilities, serverInfo }
          : { tools };
        if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
      }`;
    const server = {
      command: process.execPath,
      args: [await cli.file(source, "lister.mjs")],
      env: { TOKEN: { secret: "shop/mcp" } },
    };
    await declare({ order: away() }, { shop: server });
    return async () => (await readFile(said, "utf8")).trim().split("\n");
  };
  const inputSchema = { type: "object" };

  it("is quoted on one line, with what is not seen spelt out", async () => {
    vi.stubEnv("HOLDFAST_SECRET_SHOP_MCP", TOKEN);
    const hidden = String.fromCodePoint(0xe0041, 0x202e, 0x200b, 0x9b);
    const description = `A.\n  ✓ order  as pinned\u001b[2J${hidden}`;
    await lister([{ name: "order\n✓ x", description, inputSchema: { ...inputSchema, title: hidden } }]);
    const { out } = await asked();
    expect(out).toContain('+ "order\\n✓ x"  not declared');
    const spelt = "\\udb40\\udc41\\u202e\\u200b\\u009b";
    expect(out).toContain(`"A.\\n  ✓ order  as pinned\\u001b[2J${spelt}"`);
    expect(out).toContain(`"title":"${spelt}"`);
    const json = await asked("--json");
    expect(json.out).toMatch(/^[ -~✓]+$/);
    expect(json.report().servers[0].tools[1].listed).toMatchObject({ description, input: { title: hidden } });
  });

  it("is cut for people, and whole for machines", async () => {
    vi.stubEnv("HOLDFAST_SECRET_SHOP_MCP", TOKEN);
    const description = "x".repeat(5_000);
    const many = Array.from({ length: 60 }, (_, index) => ({ name: `t${index}`, description, inputSchema }));
    await lister(many);
    const { out } = await asked();
    expect(out).toContain(`"${"x".repeat(400)}…"`);
    expect(out).toContain('+ "t49"  not declared');
    expect(out).not.toContain('"t50"');
    expect(out).toContain("10 more are not declared; --json has all");
    expect((await pinsOf("shop")).filter(({ listed }) => listed?.description === description)).toHaveLength(60);
  });

  it("has no secret in it, and no tool is called: it is asked what it lists, and ends", async () => {
    vi.stubEnv("HOLDFAST_SECRET_SHOP_MCP", TOKEN);
    const heard = await lister([{ name: "spy TOKEN", description: "It is TOKEN.", inputSchema }]);
    const { out, err } = await asked();
    expect(out).toContain('"It is [redacted]."');
    expect(out + err + (await asked("--json")).out).not.toContain(TOKEN);
    const [pid, ...methods] = await heard();
    expect(methods.slice(0, 3)).toEqual(["initialize", "notifications/initialized", "tools/list"]);
    expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
  });
});

it("tools are listed with what they are, who approves them and what stands in for them", async () => {
  const tools = {
    order: tool({ fallback: { tool: "copy" } }),
    copy: tool({ handler: undefined, http: { url: "https://shop.example.com/{id}?key=1", method: "GET" } }),
    prices: tool({ handler: undefined, lambda: "prices:live", fallback: { continueWith: { paid: false } } }),
    refund: write({ gate: undefined }),
    note: write(),
  };
  await declare(tools, {});
  const { code, out } = await asked();
  expect(code).toBe(0);
  const rows = out.split("\n").map((line) => line.split(/ {2,}/));
  expect(rows).toEqual([
    ["tool", "is", "effect", "approved by", "breaker opens", "stands in for it"],
    ["order", "handler ./order.ts", "read", "-", "at 3 in 1m, for 30s", "copy"],
    ["copy", "http shop.example.com", "read", "-", "at 3 in 1m, for 30s", "nothing"],
    ["prices", "lambda prices:live", "read", "-", "at 3 in 1m, for 30s", '{"paid":false}'],
    ["refund", "handler ./order.ts", "write", "desk", "at 3 in 1m, for 30s", "nothing"],
    ["note", "handler ./order.ts", "write", "nobody: nobody has to approve", "at 3 in 1m, for 30s", "nothing"],
  ]);
  const [first] = (await asked("--json")).report().tools;
  expect(first).toMatchObject({ name: "order", kind: "handler", gate: null, steps: ["think"], timeout: "5s" });
});

it.each([
  ["there is not", {}, "nobody", "unknown-agent"],
  ["has more wrong with it than its pins", { nope: write({ gate: undefined }), lost: away() }, "desk", "agent-invalid"],
])("an agent that %s is refused", async (_, tools, name, code) => {
  await declare(tools, {});
  const said = await own.holdfast("tools", name, "--json");
  expect({ code: said.code, error: JSON.parse(said.out).error.code }).toEqual({ code: 2, error: code });
});
