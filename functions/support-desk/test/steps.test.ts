import { expect, test } from "vitest";
import { type StepContext, UNOBSERVED } from "../../../lib/runtime/index.ts";
import type { MemoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run as cancel } from "../cancel-changes.ts";
import { run as reply } from "../reply.ts";
import { Cancellations, Reply, type Resolution } from "../schemas.ts";
import { run as refund } from "../tools/refund.ts";
import { callOf, OUTBOX, requestOf, sent, shopBlobs } from "./contexts.ts";

const resolution: Resolution = { outcome: "refunded", orderId: "O-1001", reply: "It is on its way.\n", note: "" };

/** An attempt that performs its actions, or after a crash those that can be repeated. */
const attempt = (blobs: MemoryBlobs, isRepeat = false): Pick<StepContext, "action" | "blobs"> => ({
  blobs,
  async action(key, perform, options) {
    const action = { idempotencyKey: `run-1/${key}` };
    const found = isRepeat ? await options?.reconcile?.(action) : undefined;
    if (isRepeat && found?.outcome !== "repeat") throw new Error("unknown outcome");
    return perform(action);
  },
});
const contextOf = (blobs: MemoryBlobs, isRepeat?: boolean): StepContext => ({
  ...{ agent: "support-desk", runId: "run-1", path: "step", attempt: 1, idempotencyKey: "run-1" },
  signal: new AbortController().signal,
  approvals: [],
  remainingMs: () => 60_000,
  log: UNOBSERVED.log,
  ...attempt(blobs, isRepeat),
});

/** A refund, and what the undoing of its request is given. */
async function refunded(output: Resolution | null = resolution) {
  const blobs = shopBlobs();
  const given = requestOf("refund");
  const input = { orderId: "O-1001", amount: "39.90", currency: "CHF", reason: "Broken." };
  const change = await refund(input, callOf(given, blobs));
  return { blobs, change, undone: { input: given, output, calls: [{ tool: "refund", input, output: change }] } };
}

test("the reply is sent once, however often it is tried, and says what it answers", async () => {
  const blobs = shopBlobs();
  const input = { requestId: "R-1", customerId: "C-100", outbox: OUTBOX, resolution };
  const output = await reply(input, contextOf(blobs));
  expect(Reply.parse(output)).toEqual({
    object: expect.stringContaining(`${OUTBOX}/R-1-reply-`),
    text: "It is on its way.\n\nYour support desk (request R-1)\n",
  });
  expect(await reply(input, contextOf(blobs, true))).toEqual(output);
  expect(sent(blobs)).toMatchObject([{ kind: "reply", customerId: "C-100", text: output.text }]);
});

test.each([
  ["said so", resolution],
  ["says something else", { ...resolution, outcome: "declined" as const }],
  ["never came to an end", null],
])("undoing names each change that was made, where the model %s", async (_, output) => {
  const { blobs, change, undone } = await refunded(output);
  const { cancelled } = Cancellations.parse(await cancel(undone, contextOf(blobs)));
  expect(cancelled).toEqual([expect.stringContaining(`${OUTBOX}/R-1002-cancellation-`)]);
  expect(sent(blobs)[1]).toMatchObject({ kind: "cancellation", requestId: "R-1002", cancels: change.object });
});

test("undoing again sends nothing more", async () => {
  const { blobs, undone } = await refunded();
  const first = await cancel(undone, contextOf(blobs));
  expect(await cancel(undone, contextOf(blobs, true))).toEqual(first);
  expect(sent(blobs)).toHaveLength(2);
});

test("undoing what has changed nothing sends nothing", async () => {
  const { blobs, undone } = await refunded();
  expect(await cancel({ ...undone, calls: [] }, contextOf(blobs))).toEqual({ cancelled: [] });
  expect(sent(blobs)).toHaveLength(1);
});
