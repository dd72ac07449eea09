import { expect, test } from "vitest";
import { askedAction, callAction, loopAction, turnAction } from "../../../lib/contract/index.ts";

test("what a loop calls its actions is read back", () => {
  expect(loopAction(turnAction(12))).toEqual({ kind: "turn", turn: 12 });
  expect(loopAction(callAction(4, 1, "turn-2-b"))).toEqual({ kind: "call", turn: 4, index: 1, tool: "turn-2-b" });
  expect(loopAction(askedAction(turnAction(3)))).toEqual({ kind: "asked" });
  expect(loopAction(askedAction(callAction(3, 0, "refund")))).toEqual({ kind: "asked" });
});

test.each([
  "turn",
  "turn-",
  "turn-1.",
  "turn-1.0",
  "turn-1.0-",
  "turn-1.0-Refund",
  "my-turn-1",
  "turn-1 ",
  "turn-1:said",
])("%j is no name of a loop's", (name) => expect(loopAction(name)).toBeUndefined());
