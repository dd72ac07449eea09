import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { invoiceDesk } from "../../functions/invoice-desk/agent.ts";
import { checkAgent, documentOf, jsonSchemaOfDocuments } from "../../lib/definition/index.ts";
import { expectGolden } from "../golden-file.ts";
import { agent, desk, each, ifPaid, reason, task, wait } from "./documents.ts";
import { PROBLEM_CASES } from "./problem-cases.ts";
import { tool } from "./tool-cases.ts";
import { SCHEDULE_CASES } from "./trigger-cases.ts";

const validator = new Validator(jsonSchemaOfDocuments(), "2020-12", false);
const errorsOf = (document: unknown) => validator.validate(document).errors.map(({ error }) => error);

test("the published schema is current", () => {
  expectGolden(
    new URL("../../docs/agent.schema.json", import.meta.url),
    `${JSON.stringify(jsonSchemaOfDocuments(), null, 2)}\n`,
  );
});

test("recursive parts are said once, by name", () => {
  const names = Object.keys(jsonSchemaOfDocuments().$defs ?? {});
  expect(names).toEqual(
    expect.arrayContaining(["Step", "Value", "Condition", "TaskStep", "ReasonStep", "Tool", "Ladder"]),
  );
  expect(names.filter((name) => name.startsWith("__"))).toEqual([]);
});

describe("documents that pass the check pass the schema", () => {
  const documents: [string, unknown][] = [
    ["invoice-desk", documentOf(invoiceDesk)],
    ["the smallest", agent()],
    [
      "one of each kind",
      agent({
        escalations: { desk },
        tools: { order: tool() },
        mcpServers: { shop: { url: "https://shop.example.com/mcp" } },
        models: { "openai/gpt": { prices: { input: 1, output: 2 }, endpoint: { url: "https://a.example.com/v1" } } },
        steps: [
          reason({
            models: { first: "scripted/a.yaml", fallback: "openai/gpt" },
            enough: { $exists: { $from: "facts" } },
          }),
          task({ retry: { preset: "none", throttled: { retries: 2 } }, onFailure: { "Holdfast.Denied": "fail" } }),
          wait("rest"),
          { kind: "approval", name: "ask", ladder: "desk", request: { all: [{ $from: "input" }] } },
          ifPaid([task({ name: "inner" })], { steps: [], end: { output: null } }),
          each({ steps: [], output: { $from: "line.sku" } }),
          { kind: "parallel", name: "both", branches: { left: { steps: [] } } },
          { kind: "subflow", name: "run", agent: "child", input: {}, output: {} },
        ],
      }),
    ],
  ];
  test.each(documents)("%s", (_, document) => {
    expect(checkAgent(document)).toMatchObject({ ok: true });
    expect(errorsOf(document)).toEqual([]);
  });
});

describe("documents of the wrong shape break the schema", () => {
  /** What JSON Schema cannot say, or the published schema leaves to `check`. */
  const BEYOND = [
    "a duration longer than any run",
    "a handler outside the agent's folder",
    "an output that is a list",
    "a parallel without branches",
    "a wait for nothing",
    "working hours in a zone that there is not",
    "working hours that end before they begin",
    "working hours that end when they begin",
    ...SCHEDULE_CASES.map(({ title }) => title),
  ];
  const shapes = PROBLEM_CASES.filter(
    ({ title, problem }) => problem.code === "invalid-shape" && !BEYOND.includes(title),
  );
  test.each(shapes.map((one) => [one.title, one.document] as const))("%s", (_, document) => {
    expect(errorsOf(document)).not.toEqual([]);
  });
});
