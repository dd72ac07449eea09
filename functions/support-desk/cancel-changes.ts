import type { StepHandler } from "../../lib/runtime/index.ts";
import { changesOf, putMessage } from "./outbox.ts";
import type { Cancellations, ResolvedRequest } from "./schemas.ts";

/**
 * Undoes resolve: for each change that the outbox has of the request, a message asks the shop to drop it. What the model
 * says of its changes is not asked.
 */
export const run: StepHandler<ResolvedRequest, Cancellations> = async ({ input }, context) => {
  const { requestId, outbox } = input;
  const { changes } = await context.action(
    "find-changes",
    async () => ({
      changes: (await changesOf(context.blobs, outbox, requestId)).map((change) => change.idempotencyKey),
    }),
    { reconcile: isRepeatable },
  );
  const cancelled: string[] = [];
  for (const [index, cancels] of changes.entries()) {
    const { object } = await context.action(
      `cancel-${index + 1}`,
      async ({ idempotencyKey }) => {
        const message = { requestId, kind: "cancellation", cancels, idempotencyKey };
        return { object: await putMessage(context.blobs, outbox, message) };
      },
      { reconcile: isRepeatable },
    );
    cancelled.push(object);
  }
  return { cancelled };
};

/** To look changes nothing, and the outbox knows a repeat by its key. */
const isRepeatable = async () => ({ outcome: "absent" }) as const;
