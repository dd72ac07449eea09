import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { compile } from "../../../lib/compiler/index.ts";
import { type AgentDocument, checkAgent, documentOf, missingForProduction } from "../../../lib/definition/index.ts";
import { supportDesk } from "../agent.ts";
import { modelsOf } from "../models.ts";
import * as schemas from "../schemas.ts";
import { readEvent } from "./contexts.ts";

const EVENTS = readdirSync(fileURLToPath(new URL("../fixtures/events/", import.meta.url)));

function checked(): AgentDocument {
  const result = checkAgent(documentOf(supportDesk));
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.agent;
}

test("the agent has no problem, and compiles", () => {
  expect(Object.keys(compile(checked()).States)).toEqual(expect.arrayContaining(["resolve", "reply"]));
});

test("all that production asks of it besides is a model", () => {
  const document = checked();
  expect(missingForProduction(document).map(({ item }) => item)).toEqual(["models"]);
  const { first } = modelsOf({ SUPPORT_DESK_MODEL: "eu.amazon.nova-pro-v1:0" });
  const steps = document.steps.map((step) => (step.kind === "reason" ? { ...step, models: { first } } : step));
  expect(missingForProduction({ ...document, steps })).toEqual([]);
});

test("every tool that writes is approved by people, and knows a repeat", () => {
  const writes = Object.entries(checked().tools).filter(([, { effect }]) => effect === "write");
  expect(writes.map(([name]) => name)).toEqual(["refund", "exchange", "change-address"]);
  for (const [, tool] of writes) expect(tool).toMatchObject({ gate: { ladder: "desk" }, idempotency: "keyed" });
});

test.each(EVENTS)("%s is an event that starts the agent", (file) => {
  const { source, "detail-type": detailType, detail } = readEvent(file.replace(".json", ""));
  expect(checked().triggers).toMatchObject([{ source, detailType }]);
  expect(schemas.SupportRequested.parse(detail)).toEqual(detail);
});

test("no two events have the same request id", () => {
  const ids = EVENTS.map((file) => readEvent(file.replace(".json", "")).detail.requestId);
  expect(new Set(ids).size).toBe(ids.length);
});

const named = Object.entries(schemas).filter(([, schema]) => schema instanceof z.ZodType);
test.each(named)("%s is plain JSON Schema: the same for what goes in and what comes out", (_name, schema) => {
  const input = z.toJSONSchema(schema, { io: "input" });
  expect(input).toMatchObject({ type: "object" });
  expect(Object.keys(input.properties ?? {})).toEqual(Object.keys(z.toJSONSchema(schema).properties ?? {}));
});

test.each(["", "..", "../x", "a/b", "a\\b", "a b", "a\n", "%2e", "x".repeat(65)])(
  "the request id %j is refused",
  (requestId) => {
    const { detail } = readEvent("question");
    expect(schemas.SupportRequested.safeParse({ ...detail, requestId }).success).toBe(false);
  },
);

describe("models", () => {
  test("are a script while nobody says otherwise", () => {
    expect(modelsOf({})).toEqual({ first: "scripted/scripts/desk.yaml" });
  });

  test("are what the environment says", () => {
    const models = modelsOf({
      SUPPORT_DESK_MODEL: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
      SUPPORT_DESK_STRONG_MODEL: "eu.anthropic.claude-sonnet-4-6",
      SUPPORT_DESK_FALLBACK_MODEL: "eu.amazon.nova-pro-v1:0",
    });
    expect(models).toEqual({
      first: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
      strong: { model: "eu.anthropic.claude-sonnet-4-6", when: expect.any(Function) },
      fallback: "eu.amazon.nova-pro-v1:0",
    });
  });
});
