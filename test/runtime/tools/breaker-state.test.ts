import { describe, expect, test } from "vitest";
import { admission, afterCall, type BreakerState, CLOSED } from "../../../lib/runtime/tools/breaker-state.ts";

const LIMITS = { failures: 2, within: 60_000, halfOpenAfter: 30_000, probeTimeout: 10_000 };
const OPEN: BreakerState = { status: "open", until: 30_000, fault: "unreachable" };
const PROBING: BreakerState = { status: "probing", until: 40_000, fault: "unreachable", probe: "mine" };

describe("while a breaker is not closed, a call that began before has no say", () => {
  test.each([
    ["open", OPEN],
    ["probing", PROBING],
  ])("%s", (_, state) => {
    for (const fault of [undefined, "timedOut"] as const) {
      expect(afterCall(state, LIMITS, 31_000, fault)).toBe(state);
      expect(afterCall(state, LIMITS, 31_000, fault, "another")).toBe(state);
    }
  });
});

test("the probe has: it closes the breaker, or opens it again for as long, by its own failure", () => {
  expect(afterCall(PROBING, LIMITS, 31_000, undefined, "mine")).toBe(CLOSED);
  expect(afterCall(PROBING, LIMITS, 31_000, "timedOut", "mine")).toEqual({ ...OPEN, until: 61_000, fault: "timedOut" });
});

test("a probe is given at the time, and given anew once the last one can say nothing any more", () => {
  expect(admission(OPEN, LIMITS, 29_999, "next")).toBe("refuse");
  expect(admission(OPEN, LIMITS, 30_000, "next")).toEqual({ ...PROBING, probe: "next" });
  expect(admission(PROBING, LIMITS, 39_999, "next")).toBe("refuse");
  expect(admission(PROBING, LIMITS, 40_000, "next")).toEqual({ ...PROBING, until: 50_000, probe: "next" });
});
