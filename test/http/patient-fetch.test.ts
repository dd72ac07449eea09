import { createServer as createNetServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ErrorClass } from "../../lib/contract/index.ts";
import { patientFetch } from "../../lib/http/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { type Answer, startServer } from "../fakes/loopback-server.ts";

let answer: Answer = () => undefined;
const sockets = new Set<unknown>();
const server = await startServer((request, response, body) => {
  sockets.add(request.socket);
  return answer(request, response, body);
});
const { endpoint } = server;
afterAll(server.stop);
beforeEach(() => {
  answer = (_, response) => void response.end("Well.");
});
afterEach(() => {
  vi.useRealTimers();
});

const caught = (thrown: Promise<unknown>): Promise<unknown> => thrown.catch((error: unknown) => error);
const listening = (tcp: Server) =>
  new Promise<number>((resolve) => {
    tcp.listen(0, "127.0.0.1", () => resolve((tcp.address() as { port: number }).port));
  });
async function closedPort(): Promise<number> {
  const tcp = createNetServer();
  const port = await listening(tcp);
  await new Promise((resolve) => tcp.close(resolve));
  return port;
}

describe.each([
  ["fetch of Node.js", fetch],
  ["patientFetch", patientFetch],
])("%s", (_, get) => {
  test("sends method, headers and body", async () => {
    answer = ({ method, url, headers }, response, body) =>
      void response.end(JSON.stringify({ method, url, headers, body: body.toString() }));
    const headers = new Headers({ "X-Shop": "7", "content-type": "application/json" });
    const asked = await get(`${endpoint}/a%2Fb?c=d#e`, { method: "POST", headers, body: '{"ü":1}' });
    expect(await asked.json()).toMatchObject({
      ...{ method: "POST", url: "/a%2Fb?c=d", body: '{"ü":1}' },
      headers: { "x-shop": "7", "content-type": "application/json", "content-length": "8", accept: "*/*" },
    });
    const bare = await get(new URL(endpoint));
    expect(await bare.json()).toMatchObject({ method: "GET", url: "/", body: "" });
  });

  test.each([200, 204, 205, 302, 304, 404, 503])("hands on an answer with status %d as it is", async (status) => {
    answer = (_, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.writeHead(status, { location: "/elsewhere", "retry-after": "7" }).end();
    };
    const answered = await get(endpoint, { redirect: "manual" });
    const { headers, ok } = answered;
    expect({ status: answered.status, ok }).toEqual({ status, ok: status < 300 });
    expect([headers.get("Retry-After"), headers.getSetCookie()]).toEqual(["7", ["a=1", "b=2"]]);
    expect(await answered.text()).toBe("");
  });

  test("reads a body that was compressed", async () => {
    const text = "Well. ".repeat(10_000);
    answer = ({ headers }, response) => {
      expect(headers["accept-encoding"]).toContain("gzip");
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
    };
    expect(await (await get(endpoint)).text()).toBe(text);
  });

  test("hands on a body as it comes", async () => {
    let end = () => undefined as unknown;
    answer = (_, response) => {
      response.write("first");
      end = () => response.end("last");
    };
    const reader = (await get(endpoint)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
    end();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("last");
    expect((await reader?.read())?.done).toBe(true);
  });

  test("hangs up when the body is not wanted", async () => {
    const gone = new Promise((resolve) => {
      answer = (_, response) => {
        response.once("close", resolve).write("first");
      };
    });
    const { body } = await get(endpoint);
    await body?.cancel();
    await gone;
  });

  test("asks nobody once its signal is aborted", async () => {
    const asked = vi.fn();
    answer = asked;
    const reason = new Error("Enough.");
    expect(await caught(get(endpoint, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(asked).not.toHaveBeenCalled();
  });

  test("is given up before an answer, for the reason of its signal, and hangs up", async () => {
    const given = new AbortController();
    const reason = new DOMException("Time is up.", "TimeoutError");
    const gone = new Promise((resolve) => {
      answer = ({ socket }) => {
        socket.once("close", resolve);
        given.abort(reason);
      };
    });
    expect(await caught(get(endpoint, { signal: given.signal }))).toBe(reason);
    await gone;
  });

  test.each([
    ["amid its body", {}],
    ["amid a compressed body", { "content-encoding": "gzip" }],
  ])("is given up %s, for the reason of its signal", async (_, headers) => {
    answer = (_, response) => {
      response.writeHead(200, headers).write(gzipSync("Well. ".repeat(1_000)).subarray(0, 20));
    };
    const given = new AbortController();
    const reason = new DOMException("Time is up.", "TimeoutError");
    const answered = await get(endpoint, { signal: given.signal });
    const read = caught(answered.text());
    given.abort(reason);
    expect(await read).toBe(reason);
  });

  test("fails where nobody listens, and tells that by its cause", async () => {
    const error = await caught(get(`http://127.0.0.1:${await closedPort()}`));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED" } });
    expect(classify(error).name).toBe(ErrorClass.Transient);
  });

  test("fails where the name is nobody's, and tells that by its cause", async () => {
    const error = await caught(get("http://nobody.invalid"));
    expect(error).toMatchObject({
      message: "fetch failed",
      cause: { code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) },
    });
  });

  test.each<[string, Answer]>([
    ["before its answer", ({ socket }) => void socket.destroy()],
    ["after what is no answer", ({ socket }) => void socket.end("220 mail.example.com\r\n\r\n")],
  ])("fails where the server hangs up %s", async (_, hangUp) => {
    answer = hangUp;
    const error = await caught(get(endpoint, { method: "POST", body: "{}" }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: expect.any(String) } });
  });

  test.each([
    ["by length", { "content-length": "100" }],
    ["in chunks", {}],
    ["compressed", { "content-encoding": "gzip" }],
  ])("fails where the server hangs up amid a body %s", async (_, headers) => {
    let hangUp = () => undefined as unknown;
    answer = (_, response) => {
      response.writeHead(200, headers).write(gzipSync("Well. ".repeat(1_000)).subarray(0, 20));
      hangUp = () => response.destroy();
    };
    const answered = await get(endpoint);
    const read = caught(answered.text());
    hangUp();
    const error = await read;
    expect(error).toBeInstanceOf(TypeError);
    expect(classify(error).name).toBe(ErrorClass.Transient);
  });

  test("fails where the address is none", async () => {
    expect(classify(await caught(get("not an address"))).name).toBe(ErrorClass.Permanent);
  });
});

describe("patientFetch, unlike fetch,", () => {
  test("follows no redirect, whatever it is told", async () => {
    answer = (_, response) => void response.writeHead(307, { location: endpoint }).end();
    for (const redirect of ["follow", "error"] as const) {
      expect((await patientFetch(endpoint, { redirect })).status).toBe(307);
    }
  });

  test("is given up though the whole body has come, as long as nobody has read it", async () => {
    const gone = new Promise((resolve) => {
      answer = ({ socket }, response) => {
        socket.once("close", resolve);
        response.end("Well.");
      };
    });
    const given = new AbortController();
    const answered = await patientFetch(endpoint, { signal: given.signal });
    await gone;
    given.abort(new Error("Enough."));
    await expect(answered.text()).rejects.toThrow("Enough.");
  });

  test("has a connection of its own for each request", async () => {
    sockets.clear();
    for (const _ of [1, 2, 3]) await (await patientFetch(endpoint)).text();
    expect(sockets.size).toBe(3);
  });

  test("waits for an answer for as long as it takes", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval"] });
    answer = (_, response) => {
      vi.advanceTimersByTime(60 * 60_000);
      response.end("I have thought.");
    };
    expect(await (await patientFetch(endpoint)).text()).toBe("I have thought.");
  });

  test("waits 10 seconds for a connection, its handshake included, and tells that by its cause", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const deaf = createNetServer();
    const greeted = new Promise<Socket>((resolve) => {
      deaf.once("connection", (socket) => socket.once("data", () => resolve(socket)));
    });
    const port = await listening(deaf);
    const error = caught(patientFetch(`https://127.0.0.1:${port}`, { method: "POST", body: "{}" }));
    const socket = await greeted;
    vi.advanceTimersByTime(10_000);
    expect(await error).toMatchObject({ message: "fetch failed", cause: { code: "UND_ERR_CONNECT_TIMEOUT" } });
    expect(classify(await error).name).toBe(ErrorClass.Transient);
    socket.destroy();
    await new Promise((resolve) => deaf.close(resolve));
  });

  test("fails at a status that is none of HTTP", async () => {
    answer = ({ socket }) => void socket.end("HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n");
    expect(await caught(patientFetch(endpoint))).toMatchObject({
      message: "fetch failed",
      cause: expect.any(RangeError),
    });
  });

  test("takes no body but a text", async () => {
    const body = new URLSearchParams();
    expect(await caught(patientFetch(endpoint, { method: "POST", body }))).toMatchObject({
      cause: { message: "A body has to be a text." },
    });
  });
});
