import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import type { ErrorRule } from "../../../lib/definition/index.ts";
import { classify } from "../../../lib/runtime/index.ts";
import { CATALOGUE } from "./catalogue.ts";
import { hostile } from "./hostile.ts";

const CLASSES: readonly string[] = Object.values(ErrorClass);
const failure = (properties: object, cause?: unknown) => Object.assign(new Error("m", { cause }), properties);

describe("what libraries throw", () => {
  test.each(CATALOGUE.map((one) => [one.origin, one.title, one.as, one] as const))(
    "%s: %s is %s",
    async (_origin, _title, as, { thrown, retryAfterSeconds }) => {
      const error = await thrown();
      const classified = classify(error);
      expect({ name: classified.name, retryAfterSeconds: classified.retryAfterSeconds }).toEqual({
        name: as,
        retryAfterSeconds,
      });
      expect(classified.code).toBe("unclassified");
      expect(classified.cause).toBe(error);
    },
  );
});

test("a Holdfast error is returned as it is", () => {
  const error = new HoldfastError(ErrorClass.NeedsHuman, "ask", "m");
  expect(classify(error, [{ when: { code: "ask" }, as: ErrorClass.Denied }])).toBe(error);
});

describe("the message tells what was thrown", () => {
  test.each<[string, unknown, string]>([
    ["an error", new TypeError("x is not a function"), "TypeError: x is not a function"],
    ["an error without a message", failure({ message: "", code: "ECONNREFUSED" }), "Error: ECONNREFUSED"],
    ["an error that says nothing", new Error(), "Error: no message"],
    ["a text", "out of paper", "Error: out of paper"],
    ["an object with a message", { name: "Odd", message: "m", token: "secret" }, "Odd: m"],
    [
      "an object, by its keys: values may be secrets",
      { token: "secret", at: 1 },
      "Error: an object of token, at was thrown, which says little. Throw an Error that tells what went wrong.",
    ],
    [
      "an answer, by its status",
      new Response("", { status: 503 }),
      "Error: an object with status 503 was thrown, which says little. Throw an Error that tells what went wrong.",
    ],
    [
      "nothing",
      undefined,
      "Error: undefined was thrown, which says little. Throw an Error that tells what went wrong.",
    ],
    ["failed results of a schema", { issues: [{ message: "a" }, { message: "b" }] }, "Error: a; b"],
  ])("%s", (_, thrown, message) => {
    expect(classify(thrown).message).toBe(message);
  });
});

describe("a step's own rules", () => {
  const locked: ErrorRule = { when: { status: 423, code: "locked" }, as: ErrorClass.Transient };
  const reset: ErrorRule = { when: { code: "ECONNRESET" }, as: ErrorClass.NeedsHuman };
  const cases: [string, readonly ErrorRule[], unknown, ErrorClass][] = [
    ["come before everything else that is known", [reset], failure({ code: "ECONNRESET" }), ErrorClass.NeedsHuman],
    ["match all that they say", [locked], failure({ status: 423, code: "locked" }), ErrorClass.Transient],
    ["do not match half of what they say", [locked], failure({ status: 423 }), ErrorClass.Permanent],
    [
      "do not put together what different errors say",
      [locked],
      failure({ status: 423 }, failure({ code: "locked" })),
      ErrorClass.Permanent,
    ],
    [
      "match through causes",
      [reset],
      new TypeError("fetch failed", { cause: failure({ code: "ECONNRESET" }) }),
      ErrorClass.NeedsHuman,
    ],
    [
      "match one of several",
      [reset],
      new AggregateError([new Error(), failure({ code: "ECONNRESET" })]),
      ErrorClass.NeedsHuman,
    ],
    [
      "match the body of an answer",
      [{ when: { code: "RESOURCE_EXHAUSTED" }, as: ErrorClass.Permanent }],
      failure({ response: { status: 429, data: { error: { status: "RESOURCE_EXHAUSTED" } } } }),
      ErrorClass.Permanent,
    ],
    [
      "match gRPC by name, and numbers as texts",
      [{ when: { code: "NOT_FOUND" }, as: ErrorClass.Transient }],
      failure({ code: 5, details: "m" }),
      ErrorClass.Transient,
    ],
    [
      "match names",
      [{ when: { name: "CardDeclined" }, as: ErrorClass.NeedsHuman }],
      failure({ name: "CardDeclined" }),
      ErrorClass.NeedsHuman,
    ],
    [
      "count in their order",
      [
        { when: { status: 500 }, as: ErrorClass.Denied },
        { when: { code: "x" }, as: ErrorClass.NeedsHuman },
      ],
      failure({ code: "x" }, failure({ status: 500 })),
      ErrorClass.Denied,
    ],
    [
      "do not match what Holdfast itself has said",
      [{ when: { code: "spent" }, as: ErrorClass.Transient }, reset],
      failure(
        {},
        new HoldfastError(ErrorClass.BudgetExceeded, "spent", "m", { cause: failure({ code: "ECONNRESET" }) }),
      ),
      ErrorClass.BudgetExceeded,
    ],
    ["leave the rest as it is", [locked, reset], failure({ status: 429 }), ErrorClass.Throttled],
  ];
  test.each(cases)("%s", (_, rules, thrown, as) => {
    expect(classify(thrown, rules).name).toBe(as);
  });

  test("keep how long an answer asks to wait", () => {
    const thrown = failure({ status: 409, headers: { "retry-after": "5" } });
    const rules: ErrorRule[] = [{ when: { status: 409 }, as: ErrorClass.Throttled }];
    expect(classify(thrown, rules).retryAfterSeconds).toBe(5);
  });
});

describe("how long an answer asks to wait", () => {
  const now = Date.UTC(2026, 9, 21, 7, 28);
  const inHeaders = (headers: unknown) => classify(failure({ status: 429, headers }), [], now).retryAfterSeconds;
  test.each<[string, unknown, number | undefined]>([
    ["seconds", { "retry-after": "120" }, 120],
    ["seconds as a number", { "retry-after": 120 }, 120],
    ["names in any case", { "Retry-After": " 7 " }, 7],
    ["several values, of which the first counts", { "retry-after": ["8", "9"] }, 8],
    ["a Headers object", new Headers({ "Retry-After": "9" }), 9],
    ["milliseconds, which are finer", { "retry-after": "2", "retry-after-ms": "1250" }, 1.25],
    ["a date, from now", { "retry-after": "Wed, 21 Oct 2026 07:28:45 GMT" }, 45],
    ["a date that is past", { "retry-after": "Wed, 21 Oct 2026 07:00:00 GMT" }, 0],
    ["no number and no date", { "retry-after": "soon" }, undefined],
    ["a number below zero", { "retry-after": "-5" }, undefined],
    ["a number beyond all", { "retry-after": "9".repeat(400) }, undefined],
    ["nothing", {}, undefined],
    ["headers that are none", "retry-after: 5", undefined],
  ])("%s", (_, headers, seconds) => {
    expect(inHeaders(headers)).toBe(seconds);
  });

  test("a date is no help where neither now nor the answer's own date is known", () => {
    const headers = { "retry-after": "Wed, 21 Oct 2026 07:28:45 GMT" };
    expect(classify(failure({ status: 429, headers })).retryAfterSeconds).toBeUndefined();
  });

  test("what is not waited for has none", () => {
    const classified = classify(failure({ status: 403, headers: { "retry-after": "5" } }));
    expect(Object.hasOwn(classified, "retryAfterSeconds")).toBe(false);
  });
});

describe("whatever is thrown", () => {
  const rules: ErrorRule[] = [{ when: { name: "a", code: "b" }, as: ErrorClass.NeedsHuman }];

  test("is classified, never throws and never loops", () => {
    fc.assert(
      fc.property(hostile, (make) => {
        const classified = classify(make(), rules, 0);
        expect(CLASSES).toContain(classified.name);
        expect(typeof classified.message).toBe("string");
        expect(classified.retryAfterSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });

  test("is told the same way twice", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 3 }), (thrown) => {
        const [first, second] = [classify(thrown), classify(thrown)];
        expect([first.name, first.message]).toEqual([second.name, second.message]);
      }),
    );
  });

  test("is Throttled or Denied only where one status says so", () => {
    const statuses = fc.array(fc.integer({ min: 400, max: 599 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(statuses, (all) => {
        const { name } = classify(new AggregateError(all.map((status) => failure({ status }))));
        const alone = new Set(all.map((status) => classify(failure({ status })).name));
        if (alone.size > 1) expect([ErrorClass.Transient, ErrorClass.Permanent]).toContain(name);
        else expect([...alone]).toEqual([name]);
      }),
    );
  });

  test.each<[string, () => unknown]>([
    [
      "a cause that is the error itself",
      () => {
        const error = new Error("m");
        error.cause = error;
        return error;
      },
    ],
    [
      "two errors that cause each other",
      () => {
        const error = new Error("m");
        error.cause = new Error("n", { cause: error });
        return error;
      },
    ],
    ["causes without end", () => endless("cause", (next) => next)],
    ["lists of errors without end", () => endless("errors", (next) => [next, next, next])],
    ["a list as long as can be", () => ({ errors: new Array(2 ** 32 - 1) })],
    ["a delay that cannot be read", () => ({ details: [{ retryDelay: { seconds: Object.create(null) } }] })],
    ["a revoked Proxy", () => revoked()],
    ["a list whose Proxy is revoked", () => ({ errors: revoked(), issues: revoked(), headers: revoked() })],
  ])("%s", (_, make) => {
    expect(classify(make(), rules, 0).name).toBe(ErrorClass.Permanent);
    const around = classify(failure({ status: 429 }, make()), rules, 0);
    expect([around.name, around.retryAfterSeconds]).toEqual([ErrorClass.Throttled, undefined]);
  });
});

/** An object whose property is a new one of the same kind, whenever it is read. */
function endless(key: string, wrap: (next: object) => unknown): object {
  return Object.defineProperty({}, key, { get: () => wrap(endless(key, wrap)) });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}
