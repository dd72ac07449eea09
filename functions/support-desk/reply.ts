import type { StepHandler } from "../../lib/runtime/index.ts";
import { putMessage } from "./outbox.ts";
import type { Reply, ReplyInput } from "./schemas.ts";

/** Puts the reply into the outbox, from which the shop sends it. */
export const run: StepHandler<ReplyInput, Reply> = async (input, context) => {
  const { requestId, customerId, outbox, resolution } = input;
  const text = `${resolution.reply.trim()}\n\nYour support desk (request ${requestId})\n`;
  return context.action(
    "send-reply",
    async ({ idempotencyKey }) => {
      const message = { requestId, customerId, kind: "reply", text, idempotencyKey };
      return { object: await putMessage(context.blobs, outbox, message), text };
    },
    { reconcile: isRepeatable },
  );
};

/** The outbox knows a repeat by its key. */
const isRepeatable = async () => ({ outcome: "repeat" }) as const;
