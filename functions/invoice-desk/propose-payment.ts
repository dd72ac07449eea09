import type { StepHandler } from "../../lib/runtime/index.ts";
import { decimal, toMoney } from "./money.ts";
import { createObject, findObject } from "./payment-folder.ts";
import type { Payment, ProposePaymentInput } from "./schemas.ts";
import { checkedTotals } from "./totals.ts";

/**
 * Proposes the payment to the ERP, as one new object in the folder that it imports from.
 *
 * The amount is recomputed from the lines; where the invoice states another one, nothing is paid. A credit note's is
 * negative. A repeat whose outcome is unknown looks for its idempotency key in the folder before it creates anything.
 *
 * @throws `Holdfast.Permanent`, code `invoice-inconsistent`
 */
export const run: StepHandler<ProposePaymentInput, Payment> = async (input, context) => {
  const { invoiceId, invoice, match, payments } = input;
  const { currency, supplier } = invoice;
  const { payable } = checkedTotals(invoice);
  const amount = invoice.kind === "creditNote" ? toMoney(decimal(payable).neg()) : payable;

  const created = await context.action(
    "create-payment",
    async ({ idempotencyKey }) => {
      const { purchaseOrder } = match;
      const payment = { invoiceId, supplier: supplier.id, amount, currency, purchaseOrder, idempotencyKey };
      return { object: await createObject(context.blobs, payments, invoiceId, payment), idempotencyKey };
    },
    { reconcile: ({ idempotencyKey }) => findObject(context.blobs, payments, invoiceId, { idempotencyKey }) },
  );
  return { ...created, amount, currency };
};
