import type { ToolHandler } from "../../../lib/runtime/index.ts";
import type { FoundCustomer, SupportRequested } from "../schemas.ts";
import { readOwnShop } from "../shop.ts";

export const run: ToolHandler<unknown, FoundCustomer, SupportRequested> = async (_, context) => {
  const { customer } = await readOwnShop(context);
  return { customer };
};
