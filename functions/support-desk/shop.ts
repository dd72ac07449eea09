import { ErrorClass, HoldfastError } from "../../lib/contract/index.ts";
import type { ToolContext } from "../../lib/runtime/index.ts";
import type { Customer, Order, SupportRequested } from "./schemas.ts";

/** What the shop knows of the customer who wrote the request, and of nobody else. */
export interface OwnShop {
  readonly customer: Customer;
  readonly orders: readonly Order[];
}

interface Shop {
  readonly customers: readonly Customer[];
  readonly orders: readonly (Order & { readonly customerId: string })[];
}

/** @throws Holdfast.NeedsHuman: the shop's file cannot be read. Holdfast.Permanent: it does not know the customer. */
export async function readOwnShop({ given, blobs }: ToolContext<SupportRequested>): Promise<OwnShop> {
  const { customers, orders } = shopIn(await blobs.read(given.shop));
  const customer = customers.find(({ id }) => id === given.customerId);
  if (customer === undefined) throw refusal("customer-unknown", "The shop does not know the customer who wrote this.");
  const own = orders.filter(({ customerId }) => customerId === given.customerId);
  return { customer, orders: own.map(({ customerId: _, ...order }) => order) };
}

/** An order of the customer whose request it is; any other is unknown. */
export async function readOwnOrder(context: ToolContext<SupportRequested>, orderId: string): Promise<Order> {
  const { orders } = await readOwnShop(context);
  const order = orders.find(({ id }) => id === orderId);
  if (order === undefined) throw refusal("order-unknown", "The customer who wrote this has no such order.");
  return order;
}

/** A change that is not made, whoever asks for it; the model is told why. */
export const refusal = (code: string, message: string) => new HoldfastError(ErrorClass.Permanent, code, message);

function shopIn(bytes: Uint8Array): Shop {
  const shop = parsed(bytes);
  if (Array.isArray(shop?.customers) && Array.isArray(shop.orders)) return shop as Shop;
  throw new HoldfastError(
    ErrorClass.NeedsHuman,
    "shop-unreadable",
    "The shop's file is not what is expected: JSON with customers and orders. Have it exported again, and retry.",
  );
}

function parsed(bytes: Uint8Array): Partial<Shop> | undefined {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
