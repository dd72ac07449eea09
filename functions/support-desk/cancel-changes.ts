import type { StepHandler, Undone } from "../../lib/runtime/index.ts";
import { putMessage } from "./outbox.ts";
import type { Cancellations, Change, Resolution, SupportRequested } from "./schemas.ts";

type Resolved = Undone<SupportRequested, Resolution | null>;

/**
 * Undoes resolve: for each change that its tools have made, a message asks the shop to drop it. What the model says of its
 * changes is not asked.
 */
export const run: StepHandler<Resolved, Cancellations> = async ({ input, calls = [] }, context) => {
  const { requestId, outbox } = input;
  const changes = calls.map(({ output }) => (output as Change).object);
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

/** The outbox knows a repeat by its key. */
const isRepeatable = async () => ({ outcome: "repeat" }) as const;
