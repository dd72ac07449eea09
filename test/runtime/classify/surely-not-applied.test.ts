import { get } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import { isSurelyNotApplied } from "../../../lib/runtime/classify/index.ts";
import { deafPort, withServer } from "./servers.ts";
import { caught } from "./thrown.ts";

const coded = (code: string, more = {}) => Object.assign(new Error("as Node.js says"), { code, ...more });
const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });
const stated = (errorClass: ErrorClass, cause: unknown) =>
  new HoldfastError(errorClass, "shop-gone", "Gone.", { cause });
const severalAddresses = async () => {
  const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
  const to = { port: await deafPort(), host: "two-addresses.test", autoSelectFamily: true };
  const socket = connect({ ...to, lookup: (_host, _options, found) => found(null, addresses) });
  return new Promise((resolve) => socket.once("error", resolve));
};

describe("a write that was never sent surely took no effect", () => {
  test.each<[string, () => unknown]>([
    ["since nobody listens", async () => caught(async () => fetch(`http://127.0.0.1:${await deafPort()}`))],
    ["since nobody listens at any address", severalAddresses],
    ["since there is no such host", () => caught(() => fetch("http://nobody.invalid"))],
    ["since no name is found for now", () => fetchFailed(coded("EAI_AGAIN"))],
    ["since nobody answers to be connected", () => fetchFailed(coded("UND_ERR_CONNECT_TIMEOUT"))],
    ["since no network leads there", () => coded("ENETUNREACH", { syscall: "connect" })],
    ["as whoever wraps it says", () => stated(ErrorClass.Transient, fetchFailed(coded("ECONNREFUSED")))],
  ])("%s", async (_, thrown) => {
    expect(isSurelyNotApplied(await thrown())).toBe(true);
  });
});

describe("a write that may have been sent is not taken for that", () => {
  const reset = () =>
    withServer(
      (request) => request.socket.destroy(),
      (url) => new Promise((resolve) => get(url).once("error", resolve)),
    );
  test.each<[string, () => unknown]>([
    ["where the connection was reset", reset],
    ["where one of several attempts was", () => new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")])],
    ["where its client had asked before", () => coded("ECONNREFUSED", { $metadata: { attempts: 2 } })],
    ["where a gateway says so of somebody behind it", () => coded("ECONNREFUSED", { status: 502 })],
    ["where it was silent once connected", () => coded("ETIMEDOUT", { syscall: "read" })],
    ["where its outcome is said to be unknown", () => stated(ErrorClass.UnknownOutcome, coded("ECONNREFUSED"))],
    ["where nothing is known", () => new Error("ECONNREFUSED")],
  ])("%s", async (_, thrown) => {
    expect(isSurelyNotApplied(await thrown())).toBe(false);
  });
});

test("whatever is thrown can be asked about", () => {
  const error = new Error("m");
  error.cause = error;
  for (const thrown of [undefined, null, "ECONNREFUSED", error, { cause: null }])
    expect(isSurelyNotApplied(thrown)).toBe(false);
});
