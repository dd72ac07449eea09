import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorClass, HoldfastError, type Json } from "../../../lib/contract/index.ts";
import type { Log, LogFields } from "../../../lib/ports/index.ts";
import { redactedLog } from "../../../lib/runtime/index.ts";

function recorded() {
  const said: unknown[] = [];
  const say = (message: string, fields?: LogFields) => said.push({ message, ...fields });
  const log: Log = {
    debug: say,
    info: say,
    warn: say,
    error: say,
    with: (fields) => {
      said.push(fields);
      return log;
    },
  };
  return { log: redactedLog(log), text: () => JSON.stringify(said), said };
}

/** What a handler in JavaScript may give a log. */
const unchecked = (value: unknown) => value as Json;
const PASSWORD = "c4nary-hunter2";
const TOKEN = `AAAA${"kZXN0aW5h".repeat(60)}`;

describe("a redacted log leaves out", () => {
  it.each<[string, (log: Log) => void]>([
    [
      "what has the name of a secret",
      (log) => log.info("Called.", { db_password: PASSWORD, headers: { Cookie: PASSWORD } }),
    ],
    [
      "what has the form of one",
      (log) => log.warn(`Asked postgres://me:${PASSWORD}@db/x`, { url: `?token=${PASSWORD}` }),
    ],
    [
      "it within lists, and as a key",
      (log) => log.error("Odd.", { list: [[`password=${PASSWORD}`]], [`pwd=${PASSWORD}`]: 1 }),
    ],
    ["task tokens", (log) => log.debug("Waits.", { with: TOKEN, inside: `given ${TOKEN}` })],
    ["what every line would say", (log) => log.with({ token: PASSWORD, note: `secret=${PASSWORD}` }).info("Said.")],
    [
      "messages and causes of errors",
      (log) =>
        log.error("Failed.", {
          error: unchecked(
            new HoldfastError(ErrorClass.Permanent, "no-such-thing", PASSWORD, { cause: new Error(TOKEN) }),
          ),
        }),
    ],
  ])("%s", (_, use) => {
    const { log, text } = recorded();
    use(log);
    expect(text()).not.toContain(PASSWORD);
    expect(text()).not.toContain(TOKEN.slice(0, 40));
    expect(text()).not.toBe("[]");
  });

  it("a secret that a cut would leave the beginning of", () => {
    const { log, text } = recorded();
    log.info(`${"x".repeat(980)} password=${PASSWORD}`);
    expect(text()).not.toContain("c4nary");
  });
});

it("tells an error by its class and code", () => {
  const { log, said } = recorded();
  log.error("Failed.", { error: unchecked(new HoldfastError(ErrorClass.Throttled, "too-fast", "In words.")) });
  expect(said).toEqual([{ message: "Failed.", error: { name: ErrorClass.Throttled, code: "too-fast" } }]);
});

it("leaves alone what is no secret", () => {
  const { log, said } = recorded();
  log.info("Matched.", { lines: 3, tokens: 1_200, rate: 0.5, open: true, none: null, order: { id: "po-17" } });
  expect(said).toEqual([
    { message: "Matched.", lines: 3, tokens: 1_200, rate: 0.5, open: true, none: null, order: { id: "po-17" } },
  ]);
});

it("takes whatever it is given, and never more than it has room for", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      const { log, text } = recorded();
      const cyclic: Record<string, unknown> = { value };
      cyclic.self = cyclic;
      cyclic.twice = [cyclic, cyclic];
      log.info("Any.", { cyclic: unchecked(cyclic) });
      expect(text().length).toBeLessThan(100_000);
    }),
  );
});
