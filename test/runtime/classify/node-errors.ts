import { lookup } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { get } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { connect as connectSecurely } from "node:tls";
import { ErrorClass } from "../../../lib/contract/index.ts";
import { answering, deafPort, withServer } from "./servers.ts";
import { caught, type Thrown } from "./thrown.ts";

const { Denied, Permanent, Throttled, Transient } = ErrorClass;

const failing = (emitter: { once(event: "error", listener: (error: Error) => void): unknown }) =>
  new Promise<Error>((resolve) => emitter.once("error", resolve));
const coded = (code: string, message = "as Node.js says") => Object.assign(new Error(message), { code });
const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });

async function secureGreetingToPlainServer(): Promise<unknown> {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connectSecurely({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  const error = await failing(socket);
  server.close();
  return error;
}

const certificates = ["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_TLS_CERT_ALTNAME_INVALID"];
const unverified = ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"];
const undici = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_SOCKET"];

export const NODE_ERRORS: readonly Thrown[] = [
  {
    origin: "Node.js net",
    title: "a closed port",
    thrown: async () => failing(connect(await deafPort(), "127.0.0.1")),
    as: Transient,
  },
  {
    origin: "Node.js net",
    title: "closed ports of several addresses, tried at once",
    thrown: async () =>
      failing(
        connect({
          port: await deafPort(),
          host: "two-addresses.test",
          autoSelectFamily: true,
          lookup: (_host, _options, found) =>
            found(null, [
              { address: "127.0.0.1", family: 4 },
              { address: "127.0.0.2", family: 4 },
            ]),
        }),
      ),
    as: Transient,
  },
  {
    origin: "Node.js http",
    title: "a connection that is reset",
    thrown: () =>
      withServer(
        (request) => request.socket.destroy(),
        (url) => failing(get(url)),
      ),
    as: Transient,
  },
  {
    origin: "Node.js dns",
    title: "a host that there is not",
    thrown: () => caught(() => lookup("nobody.invalid")),
    as: Transient,
  },
  { origin: "Node.js dns", title: "a resolver that does not answer", thrown: () => coded("EAI_AGAIN"), as: Transient },
  { origin: "Node.js tls", title: "a server that speaks no TLS", thrown: secureGreetingToPlainServer, as: Permanent },
  ...[...certificates, ...unverified].map((code) => ({
    origin: "Node.js tls, by fetch",
    title: code,
    thrown: () => fetchFailed(coded(code)),
    as: Permanent,
  })),
  {
    origin: "Node.js tls",
    title: "a handshake that takes too long",
    thrown: () => coded("ERR_TLS_HANDSHAKE_TIMEOUT"),
    as: Transient,
  },
  {
    origin: "Node.js fetch",
    title: "a closed port",
    thrown: async () => {
      const port = await deafPort();
      return caught(() => fetch(`http://127.0.0.1:${port}`));
    },
    as: Transient,
  },
  {
    origin: "Node.js fetch",
    title: "a connection that closes before the answer",
    thrown: () =>
      withServer(
        (request) => request.socket.destroy(),
        (url) => caught(() => fetch(url)),
      ),
    as: Transient,
  },
  {
    origin: "Node.js fetch",
    title: "a connection that closes within the answer",
    thrown: () =>
      withServer(
        (_request, response) => {
          response.writeHead(200, { "content-length": "100" });
          response.write("half");
          response.flushHeaders();
          setTimeout(20).then(() => response.destroy());
        },
        (url) => caught(async () => (await fetch(url)).text()),
      ),
    as: Transient,
  },
  {
    origin: "Node.js fetch",
    title: "AbortSignal.timeout",
    thrown: () =>
      withServer(
        () => undefined,
        (url) => caught(() => fetch(url, { signal: AbortSignal.timeout(10) })),
      ),
    as: Transient,
  },
  {
    origin: "Node.js fetch",
    title: "an AbortController",
    thrown: () => caught(() => fetch("http://127.0.0.1", { signal: AbortSignal.abort() })),
    as: Transient,
  },
  {
    origin: "Node.js fetch",
    title: "an address that is none",
    thrown: () => caught(() => fetch("not an address")),
    as: Permanent,
  },
  ...undici.map((code) => ({ origin: "undici", title: code, thrown: () => fetchFailed(coded(code)), as: Transient })),
  {
    origin: "Node.js fetch",
    title: "a thrown 429 answer, with Retry-After",
    thrown: () => withServer(answering(429, "", { "retry-after": "120" }), (url) => fetch(url)),
    as: Throttled,
    retryAfterSeconds: 120,
  },
  {
    origin: "Node.js fetch",
    title: "a thrown 503 answer, with a date and its own Date",
    thrown: () =>
      withServer(
        answering(503, "", { date: "Wed, 21 Oct 2026 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT" }),
        (url) => fetch(url),
      ),
    as: Transient,
    retryAfterSeconds: 30,
  },
  {
    origin: "Node.js fetch",
    title: "a thrown 403 answer",
    thrown: () => withServer(answering(403, ""), (url) => fetch(url)),
    as: Denied,
  },
  {
    origin: "Node.js timers",
    title: "an aborted wait",
    thrown: () => caught(() => setTimeout(1_000, undefined, { signal: AbortSignal.abort() })),
    as: Transient,
  },
  {
    origin: "Node.js fs",
    title: "a file that there is not",
    thrown: () => caught(() => readFile("/nowhere")),
    as: Permanent,
  },
  { origin: "Node.js fs", title: "too many open files", thrown: () => coded("EMFILE"), as: Transient },
  {
    origin: "Promise.any",
    title: "every alternative reset",
    thrown: () => caught(() => Promise.any([Promise.reject(coded("ECONNRESET")), Promise.reject(coded("EPIPE"))])),
    as: Transient,
  },
  {
    origin: "Promise.any",
    title: "alternatives that failed differently prove nothing",
    thrown: () => new AggregateError([Object.assign(new Error("slow down"), { status: 429 }), new Error("broken")]),
    as: Transient,
  },
  {
    origin: "Promise.any",
    title: "alternatives of which none may pass",
    thrown: () => new AggregateError([Object.assign(new Error("no"), { status: 403 }), new Error("broken")]),
    as: Permanent,
  },
  { origin: "Promise.any", title: "no alternatives", thrown: () => caught(() => Promise.any([])), as: Permanent },
];
