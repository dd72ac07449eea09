import type { ToolHandler } from "../../../lib/runtime/index.ts";
import { putChange } from "../outbox.ts";
import type { Change, ExchangeInput, SupportRequested } from "../schemas.ts";
import { readOwnOrder, refusal } from "../shop.ts";

export const run: ToolHandler<ExchangeInput, Change, SupportRequested> = async (input, context) => {
  const { orderId, sku, forSku, reason } = input;
  const { status, lines } = await readOwnOrder(context, orderId);
  if (status !== "delivered") throw refusal("exchange-undelivered", `The order is ${status}, not delivered.`);
  if (!lines.some((line) => line.sku === sku)) throw refusal("exchange-unknown", `The order has no article ${sku}.`);
  if (sku === forSku) throw refusal("exchange-same", "An article is exchanged for another.");
  return putChange(context, "exchange", orderId, { sku, forSku, reason });
};
