import { expect, test } from "vitest";
import { ErrorClass } from "../../../lib/contract/index.ts";
import { type StepContext, UNOBSERVED } from "../../../lib/runtime/index.ts";
import type { MemoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run as cancel } from "../cancel-changes.ts";
import { run as reply } from "../reply.ts";
import { Cancellations, Reply, type Resolution } from "../schemas.ts";
import { run as refund } from "../tools/refund.ts";
import { callOf, OUTBOX, requestOf, sent, shopBlobs } from "./contexts.ts";

const resolution: Resolution = { outcome: "refunded", orderId: "O-1001", reply: "It is on its way.\n", note: "" };

/** An attempt that performs its actions, or after a crash those that reconcile as absent. */
const attempt = (blobs: MemoryBlobs, isRepeat = false): Pick<StepContext, "action" | "blobs"> => ({
  blobs,
  async action(key, perform, options) {
    const action = { idempotencyKey: `run-1/${key}` };
    const found = isRepeat ? await options?.reconcile?.(action) : undefined;
    if (isRepeat && found?.outcome !== "absent") throw new Error("unknown outcome");
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

async function refunded() {
  const blobs = shopBlobs();
  const input = requestOf("refund");
  await refund({ orderId: "O-1001", amount: "39.90", currency: "CHF", reason: "Broken." }, callOf(input, blobs));
  return { blobs, undone: { input, output: resolution } };
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

test("undoing names each change that the outbox has of the request, whatever the model has said of it", async () => {
  const { blobs, undone } = await refunded();
  const declined = { ...undone, output: { ...resolution, outcome: "declined" as const } };
  const output = await cancel(declined, contextOf(blobs));
  expect(Cancellations.parse(output).cancelled).toHaveLength(1);
  expect(sent(blobs)[1]).toMatchObject({ kind: "cancellation", requestId: "R-1002", cancels: "key-1" });
});

test("undoing again sends nothing more", async () => {
  const { blobs, undone } = await refunded();
  const first = await cancel(undone, contextOf(blobs));
  expect(await cancel(undone, contextOf(blobs, true))).toEqual(first);
  expect(sent(blobs)).toHaveLength(2);
});

test("the changes of a request whose id begins alike are left alone", async () => {
  const { blobs } = await refunded();
  const input = requestOf("refund", { requestId: "R" });
  await refund(
    { orderId: "O-1001", amount: "1.00", currency: "CHF", reason: "Broken." },
    callOf(requestOf("refund", { requestId: "R-x" }), blobs, "key-2"),
  );
  expect(await cancel({ input, output: resolution }, contextOf(blobs))).toEqual({ cancelled: [] });
});

test("a message that cannot be read is for people to look at", async () => {
  const { blobs, undone } = await refunded();
  await blobs.create(`${OUTBOX}/R-1002-refund-torn.json`, '{"requestId": "R-1');
  await expect(async () => cancel(undone, contextOf(blobs))).rejects.toMatchObject({
    name: ErrorClass.NeedsHuman,
    code: "message-unreadable",
  });
});
