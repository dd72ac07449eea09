import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { arnOf, type ServedEngine, servedEngine } from "./served-engine.ts";

let api: ServedEngine;
beforeEach(async () => {
  api = await servedEngine();
});
afterEach(() => api.close());

interface Call {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly body?: string;
}

/** A request as no well-behaved client would send it. */
function call({ method = "POST", target = "AWSStepFunctions.ListStateMachines", host, body = "{}" }: Call) {
  const length = { "content-length": Buffer.byteLength(body) };
  const headers = { "x-amz-target": target, ...length, ...(host === undefined ? {} : { host }) };
  return new Promise<{ status: number | undefined; type: string; message: string }>((resolve, reject) => {
    const sent = request(api.endpoint, { method, headers }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      const { __type = "", message = "" } = JSON.parse(text);
      resolve({ status: response.statusCode, type: __type, message });
    });
    sent.on("error", reject).end(body);
  });
}

const start = (members: object) => call({ target: "AWSStepFunctions.StartExecution", body: JSON.stringify(members) });
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

afterEach(async () => {
  expect(await call({}), "the server still answers").toMatchObject({ status: 200 });
});

describe("a web page cannot reach the API", () => {
  it.each(["evil.example.com", "127.0.0.1.evil.example.com:8083", "localhost@evil.example.com"])(
    "by a name of its own: Host %j",
    async (host) => expect(await call({ host })).toMatchObject({ status: 403, type: "AccessDeniedException" }),
  );

  it.each(["localhost", "LOCALHOST:8083", "127.0.0.1:1", "[::1]:8083"])("while %s is let in", async (host) =>
    expect(await call({ host })).toMatchObject({ status: 200 }),
  );

  it("by a request that names no target, which is all that it may send unasked", async () =>
    expect(await call({ target: "" })).toMatchObject({ status: 400, type: "UnknownOperationException" }));
});

it.skipIf(process.platform !== "linux")(
  "no address but 127.0.0.1 is listened on (Linux: others have no 127.0.0.2)",
  async () => {
    const port = Number(new URL(api.endpoint).port);
    const reached = new Promise((resolve) => {
      connect(port, "127.0.0.2", () => resolve(true)).on("error", () => resolve(false));
    });
    expect(await reached).toBe(false);
  },
);

it.each(["GET", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
  expect(await call({ method })).toMatchObject({ status: 405 });
});

describe("an operation that is not served", () => {
  it.each([
    "AWSStepFunctions.CreateStateMachine",
    "AWSStepFunctions.__proto__",
    "AWSStepFunctions.constructor",
    "__proto__.toString",
    "AWSStepFunctions",
    "PutEvents",
  ])("%s is refused with those that are", async (target) => {
    const answer = await call({ target });
    expect(answer).toMatchObject({ status: 400, type: "UnknownOperationException" });
    expect(answer.message).toContain("AWSStepFunctions.StartExecution");
  });
});

describe("a body", () => {
  it.each([
    ["cut off", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "7"],
    ["a text", '"text"'],
    ["brackets without end", "[".repeat(100_000)],
    ["no text at all", "\0\u0001"],
    ["two objects", "{}{}"],
  ])("that is %s is refused", async (_, body) => {
    expect(await call({ body })).toMatchObject({ status: 400, type: "SerializationException" });
  });

  it("of 2 MB is refused, and its sender told", async () => {
    const answer = await call({ body: JSON.stringify({ input: "x".repeat(2_000_000) }) });
    expect(answer).toMatchObject({ status: 413, type: "RequestEntityTooLargeException" });
  });

  it("with members of the wrong type is refused", async () => {
    expect(await start({ stateMachineArn: 7 })).toMatchObject({ status: 400, type: "SerializationException" });
    expect(await start({ stateMachineArn: arnOf("greet"), input: { a: 1 } })).toMatchObject({
      type: "SerializationException",
    });
  });

  it("with members missing or null is refused in AWS's words", async () => {
    const expected = {
      status: 400,
      type: "ValidationException",
      message:
        "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
    };
    expect(await start({})).toEqual(expected);
    expect(await start({ stateMachineArn: null })).toEqual(expected);
  });

  it("with prototype keys changes nothing but what it says", async () => {
    const body = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"maxResults":1}`;
    expect(await call({ body })).toMatchObject({ status: 200 });
    expect("polluted" in {}).toBe(false);
  });
});

it("an input that is nested without end is refused", async () => {
  const input = nested(30_000);
  expect(await start({ stateMachineArn: arnOf("greet"), input })).toMatchObject({
    status: 400,
    type: "InvalidExecutionInput",
  });
});

it("a sender that hangs up half way disturbs nobody", async () => {
  const { port, hostname } = new URL(api.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.destroy();
});

it("a sender that never finishes does not keep the server from closing", async () => {
  const other = await servedEngine();
  const { port, hostname } = new URL(other.endpoint);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  const hungUp = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await other.close();
  await hungUp;
});
