import { Big } from "big.js";
import type { ToolHandler } from "../../../lib/runtime/index.ts";
import { putChange } from "../outbox.ts";
import type { Change, RefundInput, SupportRequested } from "../schemas.ts";
import { readOwnOrder, refusal } from "../shop.ts";

/** Whether the policy allows it is for the model to find and for people to say; nothing allows more than was paid. */
export const run: ToolHandler<RefundInput, Change, SupportRequested> = async (input, context) => {
  const { orderId, amount, currency, reason } = input;
  const order = await readOwnOrder(context, orderId);
  const left = new Big(order.total).minus(order.refunded);
  if (currency !== order.currency) throw refusal("refund-currency", `The order was paid in ${order.currency}.`);
  if (new Big(amount).lte(0)) throw refusal("refund-nothing", "A refund is of more than nothing.");
  if (left.lt(amount)) throw refusal("refund-too-much", `At most ${left.toFixed(2)} ${currency} can be refunded.`);
  return putChange(context, "refund", orderId, { amount, currency, reason });
};
