import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { invoiceDesk } from "../../functions/invoice-desk/agent.ts";
import {
  agentIn,
  checkAgent,
  checkAgentFile,
  documentOf,
  findAgents,
  loadAgents,
  readAgent,
} from "../../lib/definition/index.ts";
import { agent, desk, reason, task, wait } from "./documents.ts";
import { tool, write } from "./tool-cases.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "holdfast-load-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let projects = 0;
async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(root, String(++projects));
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, "functions", path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  }
  return directory;
}

async function only(files: Readonly<Record<string, string>>) {
  const [found] = await findAgents(await project(files));
  if (found === undefined) throw new Error("No agent was found.");
  return found;
}

const problemsOf = async (files: Readonly<Record<string, string>>) => {
  const result = await checkAgentFile(await only(files));
  return result.ok ? [] : result.problems;
};

test("TypeScript, YAML and JSON hold the same document", async () => {
  const source = documentOf(invoiceDesk);
  const inCode = agentIn(fileURLToPath(new URL("../../functions/invoice-desk", import.meta.url)));
  if (inCode === undefined) throw new Error("The example agent is gone.");
  const read = [
    await readAgent(inCode),
    await readAgent(await only({ "invoice-desk/agent.yaml": stringify(source) })),
    await readAgent(await only({ "invoice-desk/agent.json": JSON.stringify(source) })),
  ];
  for (const one of read) expect(one).toEqual({ source });
  expect(await checkAgentFile(inCode)).toEqual(checkAgent(source));
});

test("every folder with an agent file is an agent, in the order of their names", async () => {
  const directory = await project({
    "b-agent/agent.yml": stringify(agent({ name: "b-agent", steps: [wait("rest")] })),
    "a-agent/agent.json": JSON.stringify(agent({ name: "a-agent", steps: [wait("rest")] })),
    "platform/start-run.ts": "",
    "agent.yaml": "not in a folder of its own",
  });
  expect((await findAgents(directory)).map(({ name, file }) => [name, basename(file)])).toEqual([
    ["a-agent", "agent.json"],
    ["b-agent", "agent.yml"],
  ]);
  expect(await findAgents(join(root, "nowhere"))).toEqual([]);
  expect((await loadAgents(directory)).map(({ document }) => document.name)).toEqual(["a-agent", "b-agent"]);
});

test("an agent is called as its folder is", async () => {
  expect(await problemsOf({ "orders-desk/agent.json": JSON.stringify(agent()) })).toEqual([
    {
      code: "invalid-shape",
      path: "name",
      message: "The agent is called orders, but its folder orders-desk. Give both the same name.",
    },
  ]);
});

test("agents are checked against each other, and every problem of every agent is told", async () => {
  const subflow = {
    kind: "subflow",
    name: "run",
    agent: "gone",
    input: {},
    output: { type: "object" },
    onFailure: "fail",
  };
  const directory = await project({
    "a-agent/agent.json": JSON.stringify(agent({ name: "a-agent", steps: [subflow] })),
    "b-agent/agent.json": JSON.stringify(agent({ name: "b-agent", steps: [task({ timeout: "1h" })] })),
  });
  const failure = await loadAgents(directory).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "Holdfast.InvalidInput", code: "agent-invalid" });
  expect(String(failure instanceof Error && failure.message).split("\n")).toEqual([
    "a-agent: steps[0].agent: There is no agent gone. Allowed: a-agent. [unknown-subflow]",
    "b-agent: steps[0].timeout: 1h is longer than a Lambda function may run. Allowed: up to 895s; split the step, or wait between two. [timeout-too-long]",
    "b-agent: steps[0].handler: There is no file ./look.ts beside the agent. Write the module, or correct its name. [module-missing]",
  ]);
});

test("modules that are not there are problems, besides all others", async () => {
  const steps = [
    task({ timeout: "1h", handler: "./steps/look.ts" }),
    reason({ tools: ["pay", "order"], compensate: "./undo.ts" }),
  ];
  const tools = { order: tool(), pay: write({ handler: "./pay.ts" }) };
  const files = {
    "orders/agent.json": JSON.stringify(agent({ tools, steps, escalations: { desk } })),
    "orders/steps/look.ts/index.ts": "",
    "orders/order.ts": "",
  };
  const problems = await problemsOf(files);
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "timeout-too-long steps[0].timeout",
    "module-missing steps[0].handler",
    "module-missing steps[1].compensate",
    "module-missing tools.pay.handler",
  ]);
  expect(problems.at(-1)?.message).toBe(
    "There is no file ./pay.ts beside the agent. Write the module, or correct its name.",
  );
});

describe("a file that cannot be read is a problem that says why", () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    .concat(
      Array.from(
        "bcdefghi",
        (name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefgh"[index]}`).join(", ")}]`,
      ),
    )
    .join("\n");
  const files: [string, string, string, RegExp][] = [
    ["JSON that is cut off", "agent.json", '{"holdfast": 1,', /JSON/],
    ["YAML with a tab", "agent.yaml", "a:\n\tb: 1", /Tabs are not allowed/],
    ["YAML with a key twice", "agent.yaml", "name: a\nname: b", /^Map keys must be unique at line 2, column 1$/],
    [
      "a module that throws in several lines",
      "agent.mjs",
      'throw new Error("Transform failed:\\n  /agent.ts:2:1: no\\n");',
      /^Transform failed: \/agent\.ts:2:1: no$/,
    ],
    ["two YAML documents", "agent.yaml", "a: 1\n---\nb: 2", /multiple documents/],
    ["a bomb of YAML aliases", "agent.yaml", bomb, /[Aa]lias/],
    ["YAML that contains itself", "agent.yaml", "a: &a\n  b: [*a, *a]", /[Nn]ested|alias|parts/],
    ["YAML of 1 000 000 brackets", "agent.yaml", "[".repeat(1_000_000), /Nested deeper than 100 levels/],
    ["YAML of 200 000 dashes", "agent.yaml", "- ".repeat(200_000), /Nested deeper than 100 levels/],
    ["JSON of 500 000 lists", "agent.json", `${"[".repeat(500_000)}${"]".repeat(500_000)}`, /Nested deeper than 64/],
    ["two megabytes", "agent.json", " ".repeat(2 * 1024 * 1024), /has 2097152 bytes; at most 1048576 are read/],
    ["a module without an agent", "agent.mjs", "export const other = 1;", /exports 0 agents/],
    [
      "a module with two agents",
      "agent.mjs",
      "export const a = { parts: { steps: [] } }; export const b = { parts: { steps: [] } };",
      /exports 2 agents; it must export one, made with defineAgent/,
    ],
    [
      "a module with a part of an agent",
      "agent.mjs",
      "export const a = { parts: { steps: [] } };",
      /Begin the declaration/,
    ],
    ["a module that throws", "agent.mjs", 'throw new Error("at once");', /^at once$/],
  ];
  test.each(files)("%s", async (_, name, text, message) => {
    expect(await problemsOf({ [`orders/${name}`]: text })).toEqual([
      { code: "malformed-document", path: expect.any(String), message: expect.stringMatching(message) },
    ]);
  });

  test("a file that is gone", async () => {
    const found = await only({ "orders/agent.json": "{}" });
    await rm(found.file);
    expect(await readAgent(found)).toMatchObject({ problem: { code: "malformed-document", path: "agent.json" } });
  });
});

test("keys that JavaScript knows are data like any other, and nothing is polluted", async () => {
  const text = JSON.stringify(
    agent({ steps: [task({ input: { constructor: 1, toString: "x", hasOwnProperty: null } })] }),
  );
  expect(await problemsOf({ "orders/agent.json": text, "orders/look.ts": "" })).toEqual([]);
  const polluted = text.replace('"constructor"', '"__proto__"').replace(":1,", ':{"polluted":true},');
  for (const [name, file] of [
    ["agent.json", polluted],
    ["agent.yaml", polluted],
  ] as const) {
    expect(await problemsOf({ [`orders/${name}`]: file })).toMatchObject([
      { code: "malformed-document", path: "steps[0].input.__proto__" },
    ]);
  }
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});
