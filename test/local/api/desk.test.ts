import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KEY, type ServedEngine, servedEngine } from "./served-engine.ts";

let api: ServedEngine;
beforeEach(async () => {
  api = await servedEngine();
});
afterEach(() => api.close());

const decision = { id: "a-b", decision: "approve", digest: "0", note: "" };
const decider = { id: "ann", groups: [], from: "here" };
const DECIDE = { key: KEY, decision, decider };

interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly operation?: string;
  readonly body?: object;
}

function call({ method = "POST", headers = {}, operation = "Decide", body = DECIDE }: Call) {
  const text = JSON.stringify(body);
  const all = { "x-amz-target": `Holdfast.${operation}`, "content-length": Buffer.byteLength(text), ...headers };
  return new Promise<{ status: number | undefined; cors: unknown; body: unknown }>((resolve, reject) => {
    const sent = request(api.endpoint, { method, headers: all }, async (response) => {
      let answer = "";
      for await (const chunk of response) answer += chunk;
      const cors = response.headers["access-control-allow-origin"];
      resolve({ status: response.statusCode, cors, body: JSON.parse(answer) });
    });
    sent.on("error", reject).end(text);
  });
}

describe("a refusal of the desk", () => {
  it("keeps class, code and message", async () => {
    expect(await call({})).toMatchObject({
      status: 400,
      body: { __type: "Holdfast.Denied", code: "late", message: "The run no longer waits for this." },
    });
    expect(api.asked).toEqual(["decide"]);
  });
});

describe("nothing reaches the desk", () => {
  afterEach(() => expect(api.asked).toEqual([]));

  it.each(["Asked", "ReadEscalation", "Decide", "Runs", "Facts", "Settled"])(
    "without the key of the data directory: %s",
    async (operation) => {
      const refused = { status: 403, body: { __type: "AccessDeniedException" } };
      expect(await call({ operation, body: { ...DECIDE, key: "another" } })).toMatchObject(refused);
      expect(await call({ operation, body: { decision, decider } })).toMatchObject(refused);
    },
  );

  it("under a name that is not this machine's", async () => {
    expect(await call({ headers: { host: "evil.example.com" } })).toMatchObject({ status: 403 });
  });

  it.each(["GET", "PUT", "OPTIONS"])("by %s", async (method) => {
    expect(await call({ method, headers: { origin: "http://localhost:3000" } })).toMatchObject({
      status: 405,
      cors: undefined,
    });
  });

  it("by a request without target, which is all that a page may send unasked", async () => {
    expect(await call({ headers: { "x-amz-target": "" } })).toMatchObject({ status: 400 });
  });

  it.each([
    ["Asked", { audiences: "clerks" }, "SerializationException", "audiences"],
    ["Asked", {}, "ValidationException", "audiences"],
    ["ReadEscalation", { id: "" }, "ValidationException", "id"],
    ["Runs", { agent: "a", status: "lost", limit: 1 }, "ValidationException", "status"],
    ["Runs", { agent: "a", status: "failed", limit: 0 }, "ValidationException", "limit"],
    ["Facts", { runId: 7 }, "SerializationException", "runId"],
    ["Settled", {}, "ValidationException", "runId"],
    ["Decide", { decision }, "ValidationException", "decider"],
    ["Decide", { decision, decider: { ...decider, groups: ["a", 1] } }, "SerializationException", "decider.groups"],
    ["Decide", { decision: { ...decision, note: 1 }, decider }, "SerializationException", "decision.note"],
  ])("that has another shape: %s %j", async (operation, members, type, place) => {
    const { status, body } = await call({ operation, body: { key: KEY, ...members } });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { __type: type, message: expect.stringContaining(place) },
    });
  });
});
