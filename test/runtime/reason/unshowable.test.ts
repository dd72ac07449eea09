import { describe, expect, test } from "vitest";
import { ErrorClass, type Json, runKey, stepKey } from "../../../lib/contract/index.ts";
import { ORDER, reason, task } from "../../definition/documents.ts";
import { tool, write } from "../../definition/tool-cases.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, FIRST, says, thinking } from "./thinking.ts";

const IBAN = "LT601010012345678901";
const INPUT = {
  ...ORDER,
  properties: {
    ...ORDER.properties,
    reference: { type: "string", sensitive: true },
    pin: { type: "integer", sensitive: true },
  },
};
const account = { type: "object", properties: { iban: { type: "string", sensitive: true } } };
const payment = { type: "object", properties: { to: { type: "string" }, amount: { type: "integer" } } };
const TOOLS = {
  order: tool({ output: account }),
  pay: write({ gate: undefined, idempotency: "keyed", input: payment }),
  send: write({
    gate: undefined,
    idempotency: "keyed",
    input: { ...payment, properties: { to: { writeOnly: true } } },
  }),
};
const CALLED: Readonly<Record<string, Json>> = { order: { iban: IBAN } };

/** A loop that makes one call after it has looked the order up, if it is told to. */
async function paying(name: string, input: Json, { looks = false, given = {} as Json } = {}) {
  const step = thinking({}, { tools: TOOLS, input: INPUT });
  const turns = [...(looks ? [[{ name: "order", input: { id: "7" } }]] : []), [{ name, input }], [answer()]];
  const loop = await loopOf({
    step,
    given,
    model: () => says(turns),
    tool: (called) => CALLED[called] ?? { paid: true },
  });
  return { ...loop, told: () => JSON.stringify(loop.asked.models.at(-1)?.messages) };
}

describe("people are not asked for a call that they would not be shown the whole of", () => {
  test.each<[string, string, Json, { readonly looks?: boolean; readonly given?: Json }]>([
    ["it holds what the run's input has at a sensitive place", "pay", { to: IBAN }, { given: { reference: IBAN } }],
    ["it holds that in its words", "pay", { to: `to ${IBAN}, please` }, { given: { reference: IBAN } }],
    ["it holds what a tool has answered at a sensitive place", "pay", { to: IBAN }, { looks: true }],
    ["its own schema marks a part of it", "send", { to: "anybody" }, {}],
    ["it holds a secret by its form", "pay", { to: "sk_live_0123456789abcdef" }, {}],
  ])("since %s: the model is told", async (_, name, input, more) => {
    const { toEnd, asked, told } = await paying(name, input, more);
    expect(await toEnd()).toMatchObject({ output: ANSWERED });
    expect(asked.tools.map(({ name }) => name)).toEqual(more.looks ? ["order"] : []);
    expect(told()).toContain("is marked as sensitive, which is not shown to them");
  });
});

test("a number that is like a sensitive one is asked for", async () => {
  const request = { to: "LT00", amount: 95_000 };
  const { toEnd, asked } = await paying("pay", request, { given: { reference: IBAN, pin: 95_000 } });
  expect(await toEnd()).toMatchObject({ output: ANSWERED });
  expect(asked.tools).toMatchObject([{ name: "pay", input: request }]);
});

describe("what another step puts out at a sensitive place", () => {
  const thinks = reason({ tools: Object.keys(TOOLS), models: { first: FIRST } });
  const step = thinking({}, { tools: TOOLS, steps: [thinks, task({ name: "look", output: account })] });
  const output = JSON.stringify({ iban: IBAN });
  const payingLater = async () => {
    const loop = await loopOf({ step, model: () => says([[{ name: "pay", input: { to: IBAN } }], [answer()]]) });
    const look = { pk: runKey(loop.event.runId), sk: stepKey("look", 1), step: "look", path: "look", visit: 1, output };
    return { ...loop, look: () => loop.store.put(look, { kind: "absent" }) };
  };

  test("is not asked for in a call", async () => {
    const { look, toEnd, asked } = await payingLater();
    await look();
    expect(await toEnd()).toMatchObject({ output: ANSWERED });
    expect(asked.tools).toEqual([]);
  });

  test("changes nothing of what was asked before: it is made as it was approved", async () => {
    const { look, attempt, approve, asked } = await payingLater();
    await expect(attempt()).rejects.toMatchObject({ name: ErrorClass.NeedsApproval });
    await look();
    approve({ tool: "pay", input: { to: IBAN } });
    expect(await attempt()).toEqual(ANSWERED);
    expect(asked.tools).toMatchObject([{ name: "pay", input: { to: IBAN } }]);
  });
});
