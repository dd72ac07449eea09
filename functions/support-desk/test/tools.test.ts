import { describe, expect, test } from "vitest";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import { Change, FoundCustomer, FoundOrders, PolicyText } from "../schemas.ts";
import { run as changeAddress } from "../tools/change-address.ts";
import { run as exchange } from "../tools/exchange.ts";
import { run as findCustomer } from "../tools/find-customer.ts";
import { run as findOrders } from "../tools/find-orders.ts";
import { run as readPolicy } from "../tools/read-policy.ts";
import { run as refund } from "../tools/refund.ts";
import { callOf, OUTBOX, requestOf, SHOP, sent, shopBlobs } from "./contexts.ts";

const anna = (key?: string) => {
  const blobs = shopBlobs();
  return { blobs, context: callOf(requestOf("refund"), blobs, key) };
};
const refundOf = (changes: object = {}) => ({
  ...{ orderId: "O-1001", amount: "39.90", currency: "CHF", reason: "Broken." },
  ...changes,
});
const address = { street: "Gartenstrasse 9", postcode: "04103", city: "Leipzig", country: "DE" };

/** The code with which a tool refuses, in words that the model is given. */
async function refused(call: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(call)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof HoldfastError)) throw new Error(`It was not refused: ${JSON.stringify(error)}`);
  return `${error.name} ${error.code}`;
}
const permanent = (code: string) => `${ErrorClass.Permanent} ${code}`;

describe("tools that read", () => {
  test("find the customer who wrote the request", async () => {
    const found = await findCustomer({}, anna().context);
    expect(FoundCustomer.parse(found)).toEqual(found);
    expect(found.customer.name).toBe("Anna Keller");
  });

  test("find the customer's own orders, all or one", async () => {
    const { context } = anna();
    const all = await findOrders({}, context);
    expect(FoundOrders.parse(all)).toEqual(all);
    expect(all.orders.map(({ id }) => id)).toEqual(["O-1001", "O-1002"]);
    expect((await findOrders({ orderId: "O-1002" }, context)).orders).toHaveLength(1);
  });

  test("do not find the orders of others, nor tell whose they are", async () => {
    expect(await findOrders({ orderId: "O-2001" }, anna().context)).toEqual({ orders: [] });
    expect(JSON.stringify(await findOrders({}, anna().context))).not.toContain("customerId");
  });

  test("read the policy as it is", async () => {
    const text = await readPolicy({}, anna().context);
    expect(PolicyText.parse(text).policy).toMatch(/^# What we promise\n[\s\S]+30 days/);
  });

  test("know nothing of a customer whom the shop does not know", async () => {
    const context = callOf(requestOf("refund", { customerId: "C-999" }), shopBlobs());
    expect(await refused(() => findCustomer({}, context))).toBe(permanent("customer-unknown"));
  });

  test.each(["", "{", "null", '{"customers":[]}'])("leave a shop of %j to people", async (text) => {
    const { blobs, context } = anna();
    blobs.objects.set(SHOP, new TextEncoder().encode(text));
    expect(await refused(() => findOrders({}, context))).toBe(`${ErrorClass.NeedsHuman} shop-unreadable`);
  });
});

describe("refund", () => {
  test("tells the shop what to pay back, and why", async () => {
    const { blobs, context } = anna();
    const change = await refund(refundOf(), context);
    expect(Change.parse(change)).toEqual({
      object: expect.stringContaining(`${OUTBOX}/R-1002-refund-`),
      kind: "refund",
      orderId: "O-1001",
    });
    expect(sent(blobs)).toEqual([
      {
        ...{ requestId: "R-1002", customerId: "C-100", kind: "refund", orderId: "O-1001" },
        ...{ amount: "39.90", currency: "CHF", reason: "Broken.", idempotencyKey: "key-1" },
      },
    ]);
  });

  test("knows a repeat by its key, and tells the shop once", async () => {
    const { blobs, context } = anna();
    const first = await refund(refundOf(), context);
    expect(await refund(refundOf(), context)).toEqual(first);
    expect(sent(blobs)).toHaveLength(1);
    await refund(refundOf(), callOf(requestOf("refund"), blobs, "key-2"));
    expect(sent(blobs)).toHaveLength(2);
  });

  test.each([
    ["an order of somebody else", { orderId: "O-2001", amount: "249.00", currency: "GBP" }, "order-unknown"],
    ["an order that there is not", { orderId: "O-9999" }, "order-unknown"],
    ["more than was paid", { amount: "79.91" }, "refund-too-much"],
    ["nothing", { amount: "0.00" }, "refund-nothing"],
    ["another currency", { currency: "EUR" }, "refund-currency"],
  ])("of %s is refused, and nothing is sent", async (_, changes, code) => {
    const { blobs, context } = anna();
    expect(await refused(() => refund(refundOf(changes), context))).toBe(permanent(code));
    expect(sent(blobs)).toEqual([]);
  });

  test("takes what was refunded before off what is left", async () => {
    const { blobs, context } = anna();
    const shop = new TextDecoder().decode(blobs.objects.get(SHOP));
    blobs.objects.set(SHOP, new TextEncoder().encode(shop.replace('"refunded": "0.00"', '"refunded": "40.01"')));
    expect(await refused(() => refund(refundOf(), context))).toBe(permanent("refund-too-much"));
    await refund(refundOf({ amount: "39.89" }), context);
  });
});

describe("exchange", () => {
  const carla = () => {
    const blobs = shopBlobs();
    return { blobs, context: callOf(requestOf("exchange"), blobs) };
  };
  const shoes = { orderId: "O-3001", sku: "SHOE-41", forSku: "SHOE-42", reason: "Too small." };

  test("tells the shop which article goes for which", async () => {
    const { blobs, context } = carla();
    expect(Change.parse(await exchange(shoes, context)).kind).toBe("exchange");
    expect(sent(blobs)).toMatchObject([{ kind: "exchange", sku: "SHOE-41", forSku: "SHOE-42" }]);
  });

  test.each([
    ["an article that was not in it", { sku: "SHOE-40" }, "exchange-unknown"],
    ["the same article", { forSku: "SHOE-41" }, "exchange-same"],
    ["an order of somebody else", { orderId: "O-1001", sku: "MUG-4" }, "order-unknown"],
  ])("of %s is refused", async (_, changes, code) => {
    const { blobs, context } = carla();
    expect(await refused(() => exchange({ ...shoes, ...changes }, context))).toBe(permanent(code));
    expect(sent(blobs)).toEqual([]);
  });

  test("of what is on its way is refused", async () => {
    const towel = { orderId: "O-1002", sku: "TOWEL-B", forSku: "TOWEL-R", reason: "Red, please." };
    expect(await refused(() => exchange(towel, anna().context))).toBe(permanent("exchange-undelivered"));
  });
});

describe("change-address", () => {
  test("tells the shop where an open order goes", async () => {
    const blobs = shopBlobs();
    const change = await changeAddress(
      { orderId: "O-4001", address, reason: "Moves." },
      callOf(requestOf("address"), blobs),
    );
    expect(Change.parse(change).kind).toBe("address");
    expect(sent(blobs)).toMatchObject([{ kind: "address", address }]);
  });

  test("comes too late once the order has been shipped", async () => {
    const { blobs, context } = anna();
    const call = () => changeAddress({ orderId: "O-1002", address, reason: "Moves." }, context);
    expect(await refused(call)).toBe(permanent("address-too-late"));
    expect(sent(blobs)).toEqual([]);
  });
});
