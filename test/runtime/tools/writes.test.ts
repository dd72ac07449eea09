import { MemoryLevel } from "memory-level";
import { describe, expect, test } from "vitest";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import { EmbeddedRunStore, systemChance, virtualClock } from "../../../lib/local/index.ts";
import { ToolFailed, ToolStatus } from "../../../lib/ports/index.ts";
import { isSurelyNotApplied } from "../../../lib/runtime/classify/index.ts";
import { call, gatewayOf, scripted, throwing, thrownBy } from "./gateways.ts";

const ports = () => ({
  store: new EmbeddedRunStore(new MemoryLevel<string, string>()),
  clock: virtualClock(),
  chance: systemChance(),
});

describe("a write", () => {
  const write = { effect: "write", idempotency: "none" };
  const keyed = { effect: "write", idempotency: "keyed" };
  const unknown = `${ErrorClass.UnknownOutcome} tool-outcome-unknown`;
  /** As the clients of the AWS SDK throw, which ask again by themselves. */
  const asked = (attempts: number, name = "ThrottlingException") =>
    Object.assign(new Error("Rate exceeded"), { name, $fault: "client", $metadata: { attempts } });

  test.each([
    ["breaks the connection", throwing(new ToolFailed("unreachable", "Gone.")), write, unknown],
    ["is silent", scripted(() => new Promise(() => undefined)), write, unknown],
    ["answers with garbage", scripted(() => "ok"), write, unknown],
    ["answers with too much", scripted(() => "x".repeat(200_000)), write, unknown],
    [
      "answers with garbage, whatever is declared",
      scripted(() => "ok"),
      { ...write, onFailure: { schema: "tell" } },
      unknown,
    ],
    [
      "breaks the connection and is known by its key",
      throwing(new ToolFailed("unreachable", "Gone.")),
      keyed,
      `${ErrorClass.Transient} tool-unreachable`,
    ],
    ["is refused", throwing(new ToolStatus(401, new Headers(), "")), write, `${ErrorClass.Denied} tool-unauthorised`],
    [
      "is put off",
      throwing(new ToolStatus(429, new Headers(), "")),
      write,
      `${ErrorClass.Throttled} tool-rate-limited`,
    ],
    [
      "is put off, and people are asked",
      throwing(new ToolStatus(429, new Headers(), "")),
      { ...write, onFailure: { rate: "escalate" } },
      `${ErrorClass.Denied} tool-rate-limited`,
    ],
    ["fails of an error in its own code", throwing(new SyntaxError("no JSON")), write, unknown],
    [
      "fails of an error in its own code, whatever is declared",
      throwing(new SyntaxError("no JSON")),
      { ...write, onFailure: { timeout: "tell" } },
      unknown,
    ],
    [
      "fails of an error in its own code and is known by its key",
      throwing(new SyntaxError("no JSON")),
      keyed,
      `${ErrorClass.Transient} tool-unreachable`,
    ],
    [
      "was never connected",
      throwing(new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) })),
      write,
      `${ErrorClass.Denied} tool-unreachable`,
    ],
    [
      "was never heard of, as its transport says",
      throwing(new ToolFailed("unreachable", "There is no such function.", { isUnsent: true })),
      write,
      `${ErrorClass.Denied} tool-unreachable`,
    ],
    ["is put off, asked once", throwing(asked(1)), write, `${ErrorClass.Throttled} tool-rate-limited`],
    ["is put off, asked again by its client", throwing(asked(3)), write, unknown],
    [
      "is put off, asked again by its client, whatever is declared",
      throwing(asked(3)),
      { ...write, onFailure: { rate: "tell" } },
      unknown,
    ],
    [
      "is put off, asked again by the client of what it threw",
      throwing(new HoldfastError(ErrorClass.Throttled, "shop-busy", "Later.", { cause: asked(3) })),
      write,
      unknown,
    ],
    ["is refused, asked again by its client", throwing(asked(2, "AccessDeniedException")), write, unknown],
  ])("that %s is never taken for one that was not done when it may have been", async (_, way, more, thrown) => {
    expect(await thrownBy(call(gatewayOf(ports(), { pay: [more, way.transport] }), "pay"))).toBe(thrown);
  });

  test.each([
    ["answers that it cannot", new ToolStatus(404, new Headers(), "There is none.")],
    ["throws that it cannot", new HoldfastError(ErrorClass.Permanent, "no-order", "There is none.")],
    ["throws so from another copy", Object.assign(new Error("There is none."), { name: ErrorClass.Permanent })],
  ])("that %s is told to the model: nothing was done", async (_, error) => {
    expect(await call(gatewayOf(ports(), { pay: [write, throwing(error).transport] }), "pay")).toMatchObject({
      ok: false,
      failure: { code: "tool-refused", said: "There is none." },
    });
  });

  test.each([
    [1, true],
    [3, false],
  ])(
    "that is put off after %i requests and known by its key says to actions: nothing was done, %s",
    async (attempts, nothing) => {
      const gateway = gatewayOf(ports(), { pay: [keyed, throwing(asked(attempts)).transport] });
      const error = await call(gateway, "pay").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: ErrorClass.Throttled, code: "tool-rate-limited" });
      expect(isSurelyNotApplied(error)).toBe(nothing);
    },
  );

  test("that was never connected and is tried again says to actions: nothing was done", async () => {
    const refused = Object.assign(new Error(), { code: "ECONNREFUSED", syscall: "connect" });
    const gateway = gatewayOf(ports(), { pay: [keyed, throwing(new TypeError("no", { cause: refused })).transport] });
    const error = await call(gateway, "pay").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: ErrorClass.Transient, code: "tool-unreachable" });
    expect(isSurelyNotApplied(error)).toBe(true);
  });

  describe("whose tool cannot be listed first was not sent", () => {
    const mcp = { server: "shop", tool: "pay", pinned: "0".repeat(64) };
    const unlisted = (error: Error) => {
      const transport = { ...scripted(() => ({ paid: true })).transport, listed: () => Promise.reject(error) };
      return call(gatewayOf(ports(), { pay: [{ ...write, mcp }, transport] }), "pay");
    };

    test("however often its client had asked", async () => {
      const error = await unlisted(asked(3)).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: ErrorClass.Throttled, code: "tool-rate-limited" });
      expect(isSurelyNotApplied(error)).toBe(true);
    });

    test("whatever went wrong", async () => {
      expect(await unlisted(new TypeError("no list"))).toMatchObject({ ok: false, failure: { code: "tool-refused" } });
    });
  });

  test("whose input a transport cannot send is told to the model: nothing was done", async () => {
    const { transport } = throwing(new ToolFailed("inputInvalid", "Its id cannot be part of a URL."));
    expect(await call(gatewayOf(ports(), { pay: [write, transport] }), "pay")).toMatchObject({
      ok: false,
      failure: { code: "tool-input-invalid" },
    });
  });
});
