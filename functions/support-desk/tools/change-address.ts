import type { ToolHandler } from "../../../lib/runtime/index.ts";
import { putChange } from "../outbox.ts";
import type { Change, ChangeAddressInput, SupportRequested } from "../schemas.ts";
import { readOwnOrder, refusal } from "../shop.ts";

export const run: ToolHandler<ChangeAddressInput, Change, SupportRequested> = async (input, context) => {
  const { orderId, address, reason } = input;
  const { status } = await readOwnOrder(context, orderId);
  if (status !== "open") throw refusal("address-too-late", `The order is ${status}: it goes where it was sent.`);
  return putChange(context, "address", orderId, { address, reason });
};
