import { expect, test } from "vitest";
import type { Json } from "../../../lib/contract/index.ts";
import { ErrorClass } from "../../../lib/contract/index.ts";
import { planCompensation, runUndo, type Undone } from "../../../lib/runtime/index.ts";
import { testPorts } from "../../fakes/ports.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, says, thinking } from "./thinking.ts";

/** A loop that was attempted once, and what undoing it comes to. */
async function attempted(turns: Parameters<typeof says>[0], tool?: (name: string) => Json) {
  const step = thinking({ compensate: "./undo.ts" });
  const loop = await loopOf({ step, model: () => says(turns), ...(tool === undefined ? {} : { tool }) });
  const ended = await loop.attempt().catch((error: Error) => error.name);
  const ports = testPorts(loop.store);
  const { input, ...event } = loop.event;
  const plan = await planCompensation(ports, { runId: event.runId, steps: [step.name], lasting: [] });
  const seen: Undone[] = [];
  const undo = () => runUndo(ports, step, async (undone) => seen.push(undone), event);
  return { ended, planned: plan.steps.map(({ path }) => path), undo, seen, input };
}

test("a loop that waits with a call when its run is given up is undone by the writes that it has made", async () => {
  const { ended, planned, undo, seen, input } = await attempted([
    [call("order"), call("note", "a")],
    [call("note", "b")],
    [call("refund")],
  ]);
  expect(ended).toBe(ErrorClass.NeedsApproval);
  expect(planned).toEqual(["think"]);
  await undo();
  const output = { paid: true };
  const calls = ["a", "b"].map((id) => ({ tool: "note", input: { id }, output }));
  expect(seen).toEqual([{ input, output: null, calls }]);
});

test("one that has come to its end is undone with its output and its calls", async () => {
  const { ended, undo, seen, input } = await attempted([[call("note")], [answer()]]);
  expect(ended).toEqual(ANSWERED);
  await undo();
  expect(seen).toEqual([
    { input, output: ANSWERED, calls: [{ tool: "note", input: { id: "7" }, output: { paid: true } }] },
  ]);
});

test("what a tool refused was not written", async () => {
  const { undo, seen } = await attempted([[call("note")], [answer()]], () => ({ refused: "Not today." }));
  await undo();
  expect(seen).toMatchObject([{ calls: [] }]);
});

test("a loop that only read before it was given up leaves nothing to undo", async () => {
  const { planned } = await attempted([[call("order")], [call("refund")]]);
  expect(planned).toEqual([]);
});

test("a call of which nobody knows what became of it is told to people, and nothing is undone", async () => {
  const { ended, planned, undo, seen } = await attempted([[call("note", "a")], [call("note", "b")]], () => {
    throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  });
  expect(ended).toBe(ErrorClass.Transient);
  expect(planned).toEqual(["think"]);
  await expect(undo()).rejects.toMatchObject({ code: "nothing-to-undo" });
  expect(seen).toEqual([]);
});
