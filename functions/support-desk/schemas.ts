import { z } from "zod";

/** An amount of money: a decimal string with two decimals, such as "49.90". Never a float. */
const Money = z.string().regex(/^\d{1,9}\.\d{2}$/);
const Currency = z.string().regex(/^[A-Z]{3}$/);
/** A relative one is resolved against the event file before a run starts. */
const Uri = z.string().min(1).max(2048).meta({ format: "uri-reference" });
/** It becomes part of a file name, so nothing in it may have a meaning in a path. */
const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const Reason = z.string().min(1).max(500);

/** The detail of the event that starts a run. */
export const SupportRequested = z.object({
  requestId: Id,
  customerId: Id.describe("Who wrote it, as the shop has made sure of."),
  text: z.string().min(1).max(10_000).describe("What the customer wrote."),
  receivedAt: z.iso.datetime(),
  shop: Uri.describe("The customers and orders of the shop: JSON."),
  policy: Uri.describe("What the shop promises its customers: text."),
  outbox: Uri.describe("The folder from which the shop takes changes and replies."),
});
export type SupportRequested = z.infer<typeof SupportRequested>;

const Address = z.object({
  street: z.string().min(1).max(100),
  postcode: z.string().min(1).max(20),
  city: z.string().min(1).max(100),
  country: z.string().regex(/^[A-Z]{2}$/),
});
export type Address = z.infer<typeof Address>;

export const Customer = z.object({ id: Id, name: z.string(), since: z.iso.date(), address: Address });
export type Customer = z.infer<typeof Customer>;

export const Order = z.object({
  id: Id,
  status: z.enum(["open", "shipped", "delivered", "returned"]),
  orderedOn: z.iso.date(),
  deliveredOn: z.iso.date().nullable(),
  total: Money,
  refunded: Money,
  currency: Currency,
  lines: z.array(z.object({ sku: Id, name: z.string(), count: z.int(), price: Money })).max(50),
});
export type Order = z.infer<typeof Order>;

/** Every tool knows the customer from the request; a model cannot name another. */
export const FindCustomerInput = z.strictObject({});
export const FoundCustomer = z.object({ customer: Customer });
export type FoundCustomer = z.infer<typeof FoundCustomer>;

export const FindOrdersInput = z.strictObject({
  orderId: Id.optional().describe("Without it, all of the customer's."),
});
export type FindOrdersInput = z.infer<typeof FindOrdersInput>;
export const FoundOrders = z.object({ orders: z.array(Order).max(50) });
export type FoundOrders = z.infer<typeof FoundOrders>;

export const ReadPolicyInput = z.strictObject({});
export const PolicyText = z.object({ policy: z.string() });
export type PolicyText = z.infer<typeof PolicyText>;

export const RefundInput = z.strictObject({ orderId: Id, amount: Money, currency: Currency, reason: Reason });
export type RefundInput = z.infer<typeof RefundInput>;

export const ExchangeInput = z.strictObject({ orderId: Id, sku: Id, forSku: Id, reason: Reason });
export type ExchangeInput = z.infer<typeof ExchangeInput>;

export const ChangeAddressInput = z.strictObject({ orderId: Id, address: Address, reason: Reason });
export type ChangeAddressInput = z.infer<typeof ChangeAddressInput>;

/** A change that the shop will make. */
export const Change = z.object({ object: Uri, kind: z.enum(["refund", "exchange", "address"]), orderId: Id });
export type Change = z.infer<typeof Change>;

/** How a request was resolved. */
export const Resolution = z.object({
  outcome: z.enum(["answered", "refunded", "exchanged", "address-changed", "declined"]),
  orderId: Id.nullable().describe("null: it is about no order."),
  reply: z.string().min(1).max(4_000).describe("To the customer, in the customer's language, without a greeting."),
  note: z.string().max(1_000).describe("To colleagues: what was found, and why it was resolved so."),
});
export type Resolution = z.infer<typeof Resolution>;

export const ReplyInput = SupportRequested.pick({ requestId: true, customerId: true, outbox: true }).extend({
  resolution: Resolution,
});
export type ReplyInput = z.infer<typeof ReplyInput>;

export const Reply = z.object({ object: Uri, text: z.string() });
export type Reply = z.infer<typeof Reply>;

export const Cancellations = z.object({ cancelled: z.array(Uri) });
export type Cancellations = z.infer<typeof Cancellations>;
