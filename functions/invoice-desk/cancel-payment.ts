import type { StepHandler } from "../../lib/runtime/index.ts";
import { createObject, findObject } from "./payment-folder.ts";
import type { Cancellation, CancelPaymentInput } from "./schemas.ts";

/**
 * Undoes propose-payment: a new object tells the ERP to drop the payment of this idempotency key. The payment's own
 * object stays, since the ERP may have imported it.
 */
export const run: StepHandler<CancelPaymentInput, Cancellation> = async ({ input, output }, context) => {
  const { invoiceId, payments } = input;
  const cancels = output.idempotencyKey;
  return context.action(
    "create-cancellation",
    async () => ({ object: await createObject(context.blobs, payments, invoiceId, { cancels, invoiceId }), cancels }),
    { reconcile: () => findObject(context.blobs, payments, invoiceId, { cancels }) },
  );
};
