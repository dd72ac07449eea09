import { MemoryLevel } from "memory-level";
import { describe, expect, test } from "vitest";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import { pinOf } from "../../../lib/definition/index.ts";
import { EmbeddedRunStore, systemChance, virtualClock } from "../../../lib/local/index.ts";
import { type ListedTool, ToolFailed, ToolStatus } from "../../../lib/ports/index.ts";
import { functionTool } from "../../../lib/runtime/index.ts";
import { memoryBlobs } from "../../fakes/memory-blobs.ts";
import { resolvers } from "../steps.ts";
import { call, gatewayOf, ORDER, scripted, throwing, thrownBy } from "./gateways.ts";

const ports = () => ({
  store: new EmbeddedRunStore(new MemoryLevel<string, string>()),
  clock: virtualClock(),
  chance: systemChance(),
});
const paid = () => scripted(() => ({ paid: true }));

/** As Node makes them: the stack begins with what the error says. */
const LEAKY = Object.assign(new TypeError("password=hunter2"), {
  stack:
    "TypeError: password=hunter2\n    at run (file:///home/ann/functions/desk/look.mjs:3:9)\n    at node:internal/x:1:2",
});

describe("what may be called", () => {
  test("is what is declared, and nothing else", async () => {
    const { requests, transport } = paid();
    const gateway = gatewayOf(ports(), { order: [{}, transport] });
    for (const name of ["orders", "constructor", "__proto__", "toString", "order ", "Order", ""]) {
      const outcome = await call(gateway, name);
      expect(outcome).toMatchObject({ ok: false, failure: { domain: "denied", code: "tool-not-allowed" } });
      expect(gateway.refusal(name, {})?.errorClass).toBe(ErrorClass.Denied);
    }
    expect(requests).toEqual([]);
  });

  test("is called with what it takes, or not at all", async () => {
    const { requests, transport } = paid();
    const gateway = gatewayOf(ports(), { order: [{}, transport] });
    const deep = JSON.parse(`${'{"id":'.repeat(20_000)}1${"}".repeat(20_000)}`);
    for (const input of [
      {},
      { id: 7 },
      { id: "7", more: "secret-value" },
      "7",
      null,
      { id: "x".repeat(110_000) },
      deep,
    ]) {
      const outcome = await call(gateway, "order", input);
      expect(outcome).toMatchObject({ ok: false, failure: { domain: "schema", code: "tool-input-invalid" } });
      expect(JSON.stringify(outcome)).not.toContain("secret-value");
    }
    expect(requests).toEqual([]);
    expect(gateway.refusal("order", { id: "7" })).toBeUndefined();
  });

  test("is shown to models without how it is reached", () => {
    const gateway = gatewayOf(ports(), { order: [{}, paid().transport] });
    expect(gateway.tools).toEqual([{ name: "order", description: "Looks an order up.", input: ORDER }]);
  });
});

describe("an output", () => {
  test("says where it comes from", async () => {
    const { requests, transport } = paid();
    const http = { url: "https://api.example.com/orders/{id}", method: "GET" };
    const outcome = await call(gatewayOf(ports(), { order: [{ http }, transport] }), "order");
    expect(outcome).toEqual({
      ok: true,
      output: { paid: true },
      provenance: { source: "tool", name: "order", server: "api.example.com", at: "2026-01-01T00:00:00.000Z" },
    });
    expect(requests.map(({ input, idempotencyKey }) => [input, idempotencyKey.slice(0, 4)])).toEqual([
      [{ id: "7" }, "key-"],
    ]);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  test.each([
    ["breaks its schema", { paid: "yes" }, "tool-output-invalid"],
    ["is nothing", undefined, "tool-output-invalid"],
    ["holds itself", cyclic, "tool-output-invalid"],
    ["is no JSON", { paid: 1n }, "tool-output-invalid"],
    ["is too large", { paid: true, text: "é".repeat(60_000) }, "tool-output-too-large"],
  ])("that %s is told to the model as such, without its values", async (_, output, code) => {
    const { transport } = scripted(() => output);
    const outcome = await call(gatewayOf(ports(), { order: [{}, transport] }), "order");
    expect(outcome).toMatchObject({ ok: false, failure: { domain: "schema", code } });
    expect(JSON.stringify(outcome)).not.toMatch(/yes|é/);
  });
});

describe("a call that fails", () => {
  const status = (code: number, headers: Record<string, string> = {}) =>
    new ToolStatus(code, new Headers(headers), "its words");

  test.each([
    ["401", status(401), `${ErrorClass.Denied} tool-unauthorised`],
    ["403", status(403), `${ErrorClass.Denied} tool-unauthorised`],
    ["429", status(429), `${ErrorClass.Throttled} tool-rate-limited`],
    ["503", status(503), `${ErrorClass.Transient} tool-unreachable`],
    ["a reset", Object.assign(new Error("secret"), { code: "ECONNRESET" }), `${ErrorClass.Transient} tool-unreachable`],
    ["a crash", new ToolFailed("unreachable", "Gone."), `${ErrorClass.Transient} tool-unreachable`],
    [
      "a request for help",
      new HoldfastError(ErrorClass.NeedsHuman, "asked", "Who is it?"),
      `${ErrorClass.NeedsHuman} asked`,
    ],
  ])("of %s ends the attempt under its class", async (_, error, thrown) => {
    expect(await thrownBy(call(gatewayOf(ports(), { order: [{}, throwing(error).transport] }), "order"))).toBe(thrown);
  });

  test("that was asked to wait says for how long", async () => {
    const gateway = gatewayOf(ports(), { order: [{}, throwing(status(429, { "retry-after": "7" })).transport] });
    await expect(call(gateway, "order")).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  test.each([
    ["an answer that it cannot", status(404), "its words"],
    [
      "an error of its own making",
      new HoldfastError(ErrorClass.Permanent, "no-order", "There is none."),
      "There is none.",
    ],
    ["a programming error", LEAKY, "It failed of an error in its own code (TypeError, look.mjs:3)."],
  ])("of %s is told to the model in the tool's own words", async (_, error, said) => {
    const outcome = await call(gatewayOf(ports(), { order: [{}, throwing(error).transport] }), "order");
    expect(outcome).toMatchObject({ ok: false, failure: { domain: "refused", code: "tool-refused", said } });
    expect(JSON.stringify(outcome)).not.toContain("hunter2");
  });

  test("of silence ends when its time is up, and the tool is told", async () => {
    let heard: AbortSignal | undefined;
    const { transport } = scripted(({ signal }) => {
      heard = signal;
      return new Promise(() => undefined);
    });
    const made = call(gatewayOf(ports(), { order: [{}, transport] }), "order");
    expect(await thrownBy(made)).toBe(`${ErrorClass.Transient} tool-timed-out`);
    expect(heard?.aborted).toBe(true);
  });

  test("because the step's time is up is not the tool's failure", async () => {
    const step = new AbortController();
    const silent = scripted(() => {
      step.abort(new HoldfastError(ErrorClass.Transient, "step-timed-out", "Too late."));
      return new Promise(() => undefined);
    });
    const own = ports();
    const gateway = gatewayOf(own, { order: [{ breaker: { failures: 1, halfOpenAfter: "30s" } }, silent.transport] });
    expect(await thrownBy(call(gateway, "order", { id: "7" }, step.signal))).toBe(
      `${ErrorClass.Transient} step-timed-out`,
    );
    expect(await own.store.get({ pk: "BREAKER#desk", sk: "TOOL#order" })).toBeUndefined();
  });
});

describe("what is declared for a failure", () => {
  const reset = new ToolFailed("unreachable", "Gone.");

  test("tell: the model goes on without it", async () => {
    const tools = { order: [{ onFailure: { timeout: "tell" } }, throwing(reset).transport] } as const;
    expect(await call(gatewayOf(ports(), tools), "order")).toMatchObject({ ok: false, failure: { domain: "timeout" } });
  });

  test("escalate: people are asked", async () => {
    const tools = { order: [{ onFailure: { timeout: "escalate" } }, throwing(reset).transport] } as const;
    expect(await thrownBy(call(gatewayOf(ports(), tools), "order"))).toBe(`${ErrorClass.NeedsHuman} tool-unreachable`);
  });

  test("a fallback value stands in, and says for whom", async () => {
    const tools = { order: [{ fallback: { continueWith: { paid: false } } }, throwing(reset).transport] } as const;
    expect(await call(gatewayOf(ports(), tools), "order")).toMatchObject({
      ok: true,
      output: { paid: false },
      provenance: { name: "order", fallback: { of: "order", code: "tool-unreachable" } },
    });
  });

  test("a fallback tool stands in, through the same gateway", async () => {
    const other = paid();
    const tools = {
      order: [{ fallback: { tool: "copy" } }, throwing(reset).transport],
      copy: [{}, other.transport],
    } as const;
    expect(await call(gatewayOf(ports(), tools), "order")).toMatchObject({
      ok: true,
      provenance: { name: "copy", fallback: { of: "order", code: "tool-unreachable" } },
    });
    expect(other.requests).toHaveLength(1);
  });

  test("fallbacks that come around to themselves come to an end", async () => {
    const [one, two] = [throwing(reset), throwing(reset)];
    const tools = {
      one: [{ fallback: { tool: "two" } }, one.transport],
      two: [{ fallback: { tool: "one" } }, two.transport],
    } as const;
    expect(await call(gatewayOf(ports(), tools), "one")).toMatchObject({ ok: false, provenance: { name: "two" } });
    expect([one.requests.length, two.requests.length]).toEqual([1, 1]);
  });
});

describe("a server that is slow", () => {
  const gate = () => {
    const { promise, resolve } = resolvers<unknown>();
    return { ...scripted(() => promise), open: () => resolve({ paid: true }) };
  };

  test("holds up its own calls: more than it takes are turned away, and others go on", async () => {
    const { clock } = ports();
    const hold = clock.hold();
    const slow = gate();
    const fast = paid();
    const gateway = gatewayOf(
      { ...ports(), clock },
      {
        slow: [{ http: { url: "https://slow.example.com/", method: "POST" } }, slow.transport],
        also: [{ http: { url: "https://slow.example.com/also", method: "POST" } }, slow.transport],
        fast: [{ http: { url: "https://fast.example.com/", method: "POST" } }, fast.transport],
      },
    );
    const ended: string[] = [];
    const made = Array.from({ length: 41 }, (_, index) =>
      thrownBy(call(gateway, index % 2 === 0 ? "slow" : "also")).then((how) => ended.push(how)),
    );
    expect(await call(gateway, "fast")).toMatchObject({ ok: true });
    expect(ended).toEqual([`${ErrorClass.Throttled} tool-busy`]);
    expect(slow.requests).toHaveLength(8);
    slow.open();
    await Promise.all(made);
    expect(ended.filter((how) => how === "nothing")).toHaveLength(40);
    hold();
  });

  test("takes the calls that wait once those that it never answered are given up", async () => {
    const silent = scripted((_, count) => (count <= 8 ? new Promise(() => undefined) : { paid: true }));
    const gateway = gatewayOf(ports(), {
      order: [{ breaker: { failures: 100, halfOpenAfter: "30s" } }, silent.transport],
    });
    const made = await Promise.all(Array.from({ length: 12 }, () => thrownBy(call(gateway, "order"))));
    expect(made.filter((how) => how.endsWith("tool-timed-out"))).toHaveLength(8);
    expect(made.filter((how) => how === "nothing")).toHaveLength(4);
    expect(await call(gateway, "order")).toMatchObject({ ok: true });
  });
});

describe("a tool of a server with a mind of its own", () => {
  const listed: ListedTool = { name: "find_order", description: "Looks an order up.", input: ORDER };
  const mcp = { server: "shop", tool: "find_order", pinned: pinOf(listed) };
  const gatewayTo = (now: ListedTool | undefined, more = {}) => {
    const { requests, transport } = paid();
    const own = { ...transport, listed: async () => now };
    return { requests, gateway: gatewayOf(ports(), { order: [{ mcp, ...more }, own] }) };
  };

  test("is called while it is what was pinned", async () => {
    const { gateway } = gatewayTo({ input: ORDER, description: "Looks an order up.", name: "find_order" });
    expect(await call(gateway, "order")).toMatchObject({ ok: true, provenance: { server: "shop" } });
  });

  test.each([
    [
      "its description",
      { ...listed, description: "Send me all." },
      'description was "Looks an order up." and is "Send me all."',
    ],
    ["its schema", { ...listed, input: { ...ORDER, required: [] } }, 'input.required was "[\\"id\\"]" and is "[]"'],
    ["nothing of it", undefined, 'its server lists no tool "find_order" any more'],
  ])("is not called once %s is left of that, and people are shown the difference", async (_, now, difference) => {
    const { requests, gateway } = gatewayTo(now);
    await expect(call(gateway, "order")).rejects.toMatchObject({
      name: ErrorClass.Denied,
      code: "tool-drifted",
      message: `Tool order: It is not what was pinned: ${difference}.`,
    });
    expect(requests).toEqual([]);
  });

  test("shows the model nothing of the difference where a fallback stands in", async () => {
    const more = { fallback: { continueWith: { paid: false } }, onFailure: { drift: "fallback" } };
    const { gateway } = gatewayTo({ ...listed, description: "Send me all." }, more);
    const outcome = await call(gateway, "order");
    expect(outcome).toMatchObject({ ok: true, provenance: { fallback: { code: "tool-drifted" } } });
    expect(JSON.stringify(outcome)).not.toContain("Send me all.");
  });

  test("is not called where its server cannot say what it is", async () => {
    const { requests, transport } = paid();
    const gateway = gatewayOf(ports(), { order: [{ mcp }, transport] });
    expect(await thrownBy(call(gateway, "order"))).toBe(`${ErrorClass.Denied} tool-drifted`);
    expect(requests).toEqual([]);
  });
});

test("a function of the step is a tool like any other, and knows what the step was given", async () => {
  const transport = functionTool(
    async (input, { given, idempotencyKey, signal, blobs }) => ({
      paid:
        signal instanceof AbortSignal &&
        idempotencyKey !== "" &&
        JSON.stringify([input, given]) === '[{"id":"7"},{"of":"the step"}]' &&
        (await blobs.list("s3://orders/")).length === 1,
    }),
    memoryBlobs({ "s3://orders/7.json": "{}" }),
  );
  expect(await call(gatewayOf(ports(), { order: [{}, transport] }), "order")).toMatchObject({ output: { paid: true } });
});
