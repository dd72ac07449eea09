import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Json } from "../../../lib/contract/index.ts";
import { readModelScript, scriptedModel } from "../../../lib/models/index.ts";
import type { ModelContent, ModelMessage } from "../../../lib/ports/index.ts";
import { renderForModel, type ToolHandler, type ToolOutcome } from "../../../lib/runtime/index.ts";
import { INSTRUCTIONS } from "../instructions.ts";
import { Resolution, type SupportRequested } from "../schemas.ts";
import { run as changeAddress } from "../tools/change-address.ts";
import { run as exchange } from "../tools/exchange.ts";
import { run as findCustomer } from "../tools/find-customer.ts";
import { run as findOrders } from "../tools/find-orders.ts";
import { run as readPolicy } from "../tools/read-policy.ts";
import { run as refund } from "../tools/refund.ts";
import { callOf, requestOf, sent, shopBlobs } from "./contexts.ts";

type Handler = ToolHandler<never, Json, SupportRequested>;
const TOOLS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["find-customer", findCustomer],
  ["find-orders", findOrders],
  ["read-policy", readPolicy],
  ["refund", refund],
  ["exchange", exchange],
  ["change-address", changeAddress],
]);
const script = readModelScript(fileURLToPath(new URL("../scripts/desk.yaml", import.meta.url)));
const MOST_TURNS = 6;

type Use = Extract<ModelContent, { kind: "tool-use" }>;

/** A conversation in which every call is made, as if people had approved each. */
async function converse(event: string) {
  const given = requestOf(event);
  const blobs = shopBlobs();
  const model = scriptedModel(script);
  const messages: ModelMessage[] = [{ role: "user", content: [{ kind: "text", text: JSON.stringify(given) }] }];
  const calls: string[] = [];
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const idempotencyKey = `turn-${turn}`;
    const { content } = await model.converse({
      ...{ model: "scripted", system: INSTRUCTIONS, messages, tools: [], maxTokens: 1_000, idempotencyKey },
      signal: new AbortController().signal,
    });
    const uses = content.filter((part): part is Use => part.kind === "tool-use");
    calls.push(...uses.map(({ name }) => name));
    const exit = uses.find(({ name }) => name === "answer" || name === "ask-people");
    if (exit !== undefined) return { exit, calls, messages: sent(blobs) };
    const results = await Promise.all(
      uses.map(async (use): Promise<ModelContent> => {
        const { ok, content: said } = renderForModel(
          await outcomeOf(use, callOf(given, blobs, `${idempotencyKey}-${use.name}`)),
        );
        return { kind: "tool-result", id: use.id, ok, content: said };
      }),
    );
    messages.push({ role: "assistant", content }, { role: "user", content: results });
  }
  throw new Error(`${event} does not come to an end.`);
}

async function outcomeOf({ name, input }: Use, context: Parameters<Handler>[1]): Promise<ToolOutcome> {
  const provenance = { source: "tool", name, at: "" } as const;
  const run = TOOLS.get(name);
  if (run !== undefined) return { ok: true, output: await run(input as never, context), provenance };
  const failure = { domain: "denied", code: "tool-not-allowed", errorClass: "Holdfast.Denied", message: "" } as const;
  return { ok: false, failure, provenance };
}

test.each([
  ["question", "answered", []],
  ["refund", "refunded", ["refund"]],
  ["refund-too-late", "declined", []],
  ["exchange", "exchanged", ["exchange"]],
  ["address", "address-changed", ["address"]],
])("%s is resolved offline: %s", async (event, outcome, kinds) => {
  const { exit, messages } = await converse(event);
  expect(exit.name).toBe("answer");
  expect(Resolution.parse(exit.input)).toEqual(exit.input);
  expect(exit.input).toMatchObject({ outcome });
  expect(JSON.stringify(exit.input)).not.toContain("{{");
  expect(messages.map(({ kind }) => kind)).toEqual(kinds);
});

test("a text that gives orders comes to people, and has changed nothing", async () => {
  const { exit, calls, messages } = await converse("hostile");
  expect(exit.name).toBe("ask-people");
  expect(calls).toContain("export-customers");
  expect(messages).toEqual([]);
});
