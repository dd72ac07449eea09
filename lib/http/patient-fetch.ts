import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Fetch } from "../ports/index.ts";

/** As long as `fetch` waits. */
const CONNECT_MS = 10_000;

/** Of which none keeps a connection. */
const PLAIN = { request: http.request, agent: new http.Agent() };
const SECURE = { request: https.request, agent: new https.Agent() };

/** Statuses whose answers have no body. */
const BODILESS: readonly number[] = [204, 205, 304];

/**
 * Fetches from those who may think, and say nothing, for minutes: `fetch` gives up after five of them, and what was asked of a
 * model is paid all the same. Nothing but the signal bounds an answer; a connection is there within 10 seconds.
 *
 * Redirects are not followed, whatever `redirect` says. No connection serves twice: one that was kept may have died since,
 * as while Lambda had the function frozen, and of a write that is lost with it nobody knows whether it was done.
 *
 * @throws as `fetch` does: the reason of the signal, or a TypeError whose cause has a code of Node.js, or
 * UND_ERR_CONNECT_TIMEOUT. So does the body.
 */
export const patientFetch: Fetch = async (url, init = {}) => {
  const signal = init.signal ?? undefined;
  signal?.throwIfAborted();
  try {
    return responseOf(await answerTo(new URL(url), init), signal);
  } catch (cause) {
    throw signal?.aborted ? signal.reason : new TypeError("fetch failed", { cause });
  }
};

function answerTo(url: URL, { method = "GET", headers, body, signal }: RequestInit): Promise<IncomingMessage> {
  if (typeof (body ?? "") !== "string") throw new TypeError("A body has to be a text.");
  return new Promise((resolve, reject) => {
    const { request: open, agent } = isSecure(url) ? SECURE : PLAIN;
    const request = open(url, {
      method,
      agent,
      headers: {
        ...{ accept: "*/*", "user-agent": "holdfast" },
        ...Object.fromEntries(new Headers(headers)),
        "accept-encoding": "gzip",
      },
    });
    const stop = () => request.destroy();
    signal?.addEventListener("abort", stop);
    request.once("close", () => signal?.removeEventListener("abort", stop));
    request.once("response", resolve);
    request.on("error", reject);
    connectInTime(request);
    request.end(body);
  });
}

const isSecure = ({ protocol }: { readonly protocol: string }) => protocol === "https:";

function connectInTime(request: ClientRequest): void {
  const late = setTimeout(() => request.destroy(connectTimeout()), CONNECT_MS);
  const settled = () => clearTimeout(late);
  request.once("close", settled);
  request.once("socket", (socket) => socket.once(isSecure(request) ? "secureConnect" : "connect", settled));
}

const connectTimeout = () =>
  Object.assign(new Error(`There is no connection after ${CONNECT_MS} ms.`), { code: "UND_ERR_CONNECT_TIMEOUT" });

function responseOf(message: IncomingMessage, signal: AbortSignal | undefined): Response {
  const { statusCode: status = 0, headersDistinct } = message;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const isBodiless = BODILESS.includes(status);
  if (isBodiless) message.resume();
  return new Response(isBodiless ? null : bodyOf(message, signal), { status, headers });
}

function bodyOf(message: IncomingMessage, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const body = decoded(message);
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        // A body that is cut by its signal may end as if it were whole.
        signal?.throwIfAborted();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (cause) {
        controller.error(signal?.aborted ? signal.reason : new TypeError("terminated", { cause }));
      }
    },
    cancel: () => void body.destroy(),
  });
}

const decoded = (message: IncomingMessage): Readable =>
  message.headers["content-encoding"] === "gzip" ? pipeline(message, createGunzip(), () => undefined) : message;
