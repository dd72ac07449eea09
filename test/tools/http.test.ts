import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../lib/contract/index.ts";
import { patientFetch as fetch } from "../../lib/http/index.ts";
import { environmentSecrets } from "../../lib/local/environment-secrets.ts";
import type { Secrets } from "../../lib/ports/index.ts";
import { type HttpEndpoint, httpTool } from "../../lib/tools/index.ts";
import { startServer } from "../fakes/loopback-server.ts";

const SECRET = 'to/ken "1"';
const asked: { readonly request: IncomingMessage; readonly body: string }[] = [];
let answer: (response: ServerResponse) => void = () => undefined;

const { endpoint: origin, stop } = await startServer((request, response, body) => {
  asked.push({ request, body: body.toString() });
  answer(response);
});
afterAll(stop);

const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(value));
  };
beforeEach(() => {
  asked.length = 0;
  answer = json({ paid: true });
});

const auth = { secret: "shop/api", header: "authorization", scheme: "Bearer" };
const secrets: Secrets = { read: async () => `${SECRET}\n` };
const call = (endpoint: Partial<HttpEndpoint>, input: Json = {}, ports = { secrets, fetch }) =>
  httpTool(ports, { url: `${origin}/orders`, method: "POST", headers: {}, ...endpoint }).call({
    input,
    given: null,
    idempotencyKey: "key-1",
    maxBytes: 10_000,
    signal: AbortSignal.timeout(10_000),
  });

describe("a request", () => {
  test("has the input as JSON, the key, the declared headers and the secret", async () => {
    await call({ headers: { "x-shop": "7" }, auth }, { id: "7", lines: [1] });
    const { request, body } = asked[0] ?? expect.fail("Nothing was asked.");
    expect(JSON.parse(body)).toEqual({ id: "7", lines: [1] });
    expect(request.headers).toMatchObject({
      "x-shop": "7",
      "idempotency-key": "key-1",
      "content-type": "application/json",
      accept: "application/json",
      authorization: `Bearer ${SECRET}`,
    });
  });

  test("of a method without a body has it in the query", async () => {
    await call({ method: "GET" }, { q: "a&b=c", tags: ["x", "y"], deep: { a: 1 }, none: null });
    const { request, body } = asked[0] ?? expect.fail("Nothing was asked.");
    expect(request.url).toBe("/orders?q=a%26b%3Dc&tags=x&tags=y&deep=%7B%22a%22%3A1%7D");
    expect(body).toBe("");
  });

  test("has in its path what the URL has a place for", async () => {
    await call({ url: `${origin}/orders/{id}/lines/{line-no}` }, { id: "a/../b?c#d", "line-no": 3, note: "x" });
    const { request, body } = asked[0] ?? expect.fail("Nothing was asked.");
    expect(request.url).toBe("/orders/a%2F..%2Fb%3Fc%23d/lines/3");
    expect(JSON.parse(body)).toEqual({ note: "x" });
  });

  test.each([["."], [".."], [""], [null], [{}], ["\ud800"]])("with %j in its path is not sent", async (id) => {
    const made = call({ url: `${origin}/orders/{id}` }, { id });
    await expect(made).rejects.toMatchObject({ fault: "inputInvalid" });
    expect(asked).toEqual([]);
  });

  test.each(["tenant", "t d"])("that says otherwise what the query of its URL fixes (%s) is not sent", async (key) => {
    const url = `${origin}/orders?tenant=acme&t+d=1&id={id}`;
    await expect(call({ method: "GET", url }, { id: "7", [key]: "evil" })).rejects.toMatchObject({
      fault: "inputInvalid",
      message: `Its ${key} is fixed by its URL. Leave it out.`,
    });
    expect(asked).toEqual([]);
    await call({ method: "GET", url }, { id: "7", tenants: "all" });
    expect(asked[0]?.request.url).toBe("/orders?tenant=acme&t+d=1&id=7&tenants=all");
  });

  test.each(["two\nlines", "nul\0", "snow \u2603"])(
    "with a secret that no header takes is not sent: %j",
    async (secret) => {
      const made = call({ auth }, {}, { secrets: { read: async () => secret }, fetch });
      await expect(made).rejects.toMatchObject({
        fault: "unauthorised",
        message: "The secret shop/api holds what no header takes, such as the end of a line. Store the secret alone.",
      });
      expect(asked).toEqual([]);
    },
  );

  test("without its secret is not sent", async () => {
    await expect(call({ auth }, {}, { secrets: environmentSecrets({}), fetch })).rejects.toMatchObject({
      fault: "unauthorised",
      message: "The secret shop/api is read from the environment variable HOLDFAST_SECRET_SHOP_API, which is not set.",
    });
    const empty = { read: async () => " " };
    await expect(call({ auth }, {}, { secrets: empty, fetch })).rejects.toMatchObject({ fault: "unauthorised" });
    expect(asked).toEqual([]);
  });
});

describe("an answer", () => {
  const say = (type: string, text: string) => {
    answer = (response) => response.writeHead(200, { "content-type": type }).end(text);
  };

  test.each([
    ["application/problem+json", '{"a":1}', { a: 1 }],
    ["text/plain; charset=utf-8", "paid", "paid"],
    ["application/json", "", null],
  ])("of type %s is an output", async (type, text, output) => {
    say(type, text);
    expect(await call({})).toEqual({ output });
  });

  test.each([
    ["text/html", "<p>"],
    ["application/json", "{nope"],
    ["application/jsonp", "{}"],
  ])("of type %s that is no output is invalid", async (type, text) => {
    say(type, text);
    await expect(call({})).rejects.toMatchObject({ fault: "outputInvalid" });
  });

  test("shows no secret, however it is written", async () => {
    answer = json({ [SECRET]: `${SECRET} ${encodeURIComponent(SECRET)} ${JSON.stringify(SECRET)}` });
    const { output } = (await call({ auth })) as { output: Json };
    expect(output).toEqual({ "[redacted]": '[redacted] [redacted] "[redacted]"' });
  });

  test.each([SECRET, encodeURIComponent(SECRET)])(
    "that fails shows no half of a secret, either: %s",
    async (secret) => {
      for (const length of [secret.length, secret.length - 1, 6]) {
        answer = (response) => response.writeHead(500).end(`${"x".repeat(4_000 - length)}${secret} and more`);
        const error = await call({ auth }).catch((thrown) => thrown);
        expect(error.said).toBe(`${"x".repeat(4_000 - length)}[redacted]`);
      }
    },
  );

  test("that never ends is read to its bound, and no further", async () => {
    let closed: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      closed = resolve;
    });
    answer = (response) => {
      response.on("close", closed).writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1_000)));
      };
      response.on("drain", more);
      more();
    };
    await expect(call({})).rejects.toMatchObject({ fault: "outputTooLarge" });
    await ended;
  });

  test("that leads elsewhere is not followed", async () => {
    answer = (response) => response.writeHead(307, { location: "https://elsewhere.example.com/" }).end();
    await expect(call({ auth })).rejects.toMatchObject({ fault: "outputInvalid" });
    expect(asked).toHaveLength(1);
  });

  test.each([400, 401, 403, 404, 429, 500, 503])(
    "of status %i is left to classification, in bounded words without the secret",
    async (status) => {
      answer = (response) => response.writeHead(status, { "retry-after": "7" }).end(`${SECRET} ${"x".repeat(100_000)}`);
      const error = await call({ auth }).catch((thrown) => thrown);
      expect(error).toMatchObject({ name: "ToolStatus", status });
      expect(error.headers.get("retry-after")).toBe("7");
      expect(error.said).toMatch(/^\[redacted\] x+$/);
      expect(error.said.length).toBeLessThan(4_100);
    },
  );
});
