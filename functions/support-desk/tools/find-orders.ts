import type { ToolHandler } from "../../../lib/runtime/index.ts";
import type { FindOrdersInput, FoundOrders, SupportRequested } from "../schemas.ts";
import { readOwnShop } from "../shop.ts";

/** An order of somebody else is not found. */
export const run: ToolHandler<FindOrdersInput, FoundOrders, SupportRequested> = async ({ orderId }, context) => {
  const { orders } = await readOwnShop(context);
  return { orders: orders.filter(({ id }) => orderId === undefined || id === orderId) };
};
