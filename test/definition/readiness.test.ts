import { expect, test } from "vitest";
import { checkAgent, completionTarget, missingForProduction, READINESS_ITEMS } from "../../lib/definition/index.ts";
import { agent, desk, reason } from "./documents.ts";
import { FIND_PIN, tool } from "./tool-cases.ts";

const READY = {
  owners: { business: "lead@example.com", service: "oncall@example.com" },
  success: [{ metric: "completion", atLeast: 0.95 }],
  budget: { steps: 50 },
  escalations: { desk },
  runbook: "https://runbooks.example.com/desk",
};
function missing(change: Record<string, unknown>) {
  const checked = checkAgent(agent({ ...READY, ...change }));
  if (!checked.ok) throw new TypeError(checked.problems.map(({ message }) => message).join());
  return missingForProduction(checked.agent);
}

/** A ready agent that reasons. */
const thinking = (models: Record<string, unknown>) => ({
  tools: { order: tool() },
  steps: [reason({ models })],
});

test("an agent that says all of it is ready", () => {
  expect(missing({})).toEqual([]);
  expect(missing(thinking({ first: "eu.amazon.nova-pro-v1:0" }))).toEqual([]);
});

/** The tool of {@link thinking}, of an MCP server. */
const served = (notes: Record<string, unknown>) => ({
  tools: { order: tool({ handler: undefined, mcp: { server: "notes", tool: "find", pinned: FIND_PIN } }) },
  mcpServers: { notes },
});

test("a server that has a URL is no hindrance", () => {
  const models = { first: "eu.amazon.nova-pro-v1:0" };
  expect(missing({ ...thinking(models), ...served({ url: "https://notes.example.com/mcp" }) })).toEqual([]);
});

const LACKS: readonly (readonly [string, Record<string, unknown>, string, string])[] = [
  ["no owners", { owners: undefined }, "owners", "who answers for what it does"],
  [
    "one owner for both",
    { owners: { business: "Ann@example.com", service: "ann@example.com " } },
    "owners",
    "business and service are both Ann@example.com",
  ],
  ["no success metric", { success: [] }, "success", "name a metric"],
  ["no budget", { budget: {} }, "budget", "limit a run's"],
  ["no ladder", { escalations: {} }, "ladder", "declare a ladder with a tier"],
  ["no runbook", { runbook: undefined }, "runbook", "https URL of the folder"],
  ["a script for a model", thinking({ first: "scripted/desk.yaml" }), "models", "think names a script"],
  [
    "a script for when the others cannot be asked",
    thinking({ first: "eu.amazon.nova-pro-v1:0", fallback: "scripted/desk.yaml" }),
    "models",
    "set a model",
  ],
  [
    "a server that is a command",
    { ...thinking({ first: "eu.amazon.nova-pro-v1:0" }), ...served({ command: "notes-mcp" }) },
    "servers",
    "think has a tool of notes, a command",
  ],
];

test.each(LACKS)("an agent with %s is not", (_, change, item, message) => {
  expect(missing(change)).toEqual([{ item, message: expect.stringContaining(message) }]);
});

test("everything missing is named at once", () => {
  const none = { owners: undefined, success: [], budget: {}, escalations: {}, runbook: undefined };
  const scripted = thinking({ first: "scripted/desk.yaml" });
  expect(missing({ ...none, ...scripted, ...served({ command: "notes-mcp" }) }).map(({ item }) => item)).toEqual([
    ...READINESS_ITEMS,
  ]);
});

test.each(["http://runbooks.example.com", "docs/runbooks", ""])("a runbook at %j is no runbook", (runbook) => {
  expect(checkAgent(agent({ runbook }))).toMatchObject({
    ok: false,
    problems: [{ code: "invalid-shape", path: "runbook" }],
  });
});

test("the share of runs that must complete is the success metric of that name", () => {
  expect(
    completionTarget({
      success: [
        { metric: "other", atLeast: 0.1 },
        { metric: "completion", atLeast: 0.97 },
      ],
    }),
  ).toBe(0.97);
  expect(completionTarget({ success: [{ metric: "other", atLeast: 0.1 }] })).toBeUndefined();
});
