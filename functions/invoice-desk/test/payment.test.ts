import { describe, expect, test } from "vitest";
import { type MemoryBlobs, memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run as cancel } from "../cancel-payment.ts";
import { run as propose } from "../propose-payment.ts";
import { type Payment, Payment as PaymentSchema, type ProposePaymentInput } from "../schemas.ts";
import { parseInvoice } from "../ubl/index.ts";
import { afterCrash, firstAttempt } from "./contexts.ts";
import { permanentFailure } from "./fails.ts";
import { anInvoice, fixture } from "./fixtures.ts";

const FOLDER = "s3://erp/payments";
const inputFor = (changes: Partial<ProposePaymentInput> = {}): ProposePaymentInput => ({
  invoiceId: "INV-1",
  invoice: anInvoice(),
  match: {
    verdict: "clean",
    purchaseOrder: "PO-4501",
    expected: "600.00",
    difference: "0.00",
    reasons: [],
    notes: [],
  },
  payments: FOLDER,
  ...changes,
});
const contents = ({ objects }: MemoryBlobs) =>
  [...objects.values()].map((body) => JSON.parse(new TextDecoder().decode(body)));

describe("propose-payment", () => {
  test("creates one object with exactly what the ERP imports", async () => {
    const blobs = memoryBlobs();
    const payment = await propose(inputFor(), firstAttempt(blobs));
    expect(PaymentSchema.parse(payment)).toEqual(payment);
    expect(payment).toEqual({
      object: expect.stringMatching(/^s3:\/\/erp\/payments\/INV-1-[0-9a-f-]{36}\.json$/),
      amount: "714.00",
      currency: "EUR",
      idempotencyKey: "key-1/create-payment",
    });
    expect([...blobs.objects.keys()]).toEqual([payment.object]);
    expect(contents(blobs)).toEqual([
      {
        invoiceId: "INV-1",
        supplier: "DE289417763",
        amount: "714.00",
        currency: "EUR",
        purchaseOrder: "PO-4501",
        idempotencyKey: "key-1/create-payment",
      },
    ]);
  });

  test("a doubled effect shows as two objects", async () => {
    const blobs = memoryBlobs();
    await propose(inputFor(), firstAttempt(blobs));
    await propose(inputFor(), firstAttempt(blobs));
    expect(blobs.objects.size).toBe(2);
  });

  test("after a crash the object that is there is found, and none is added", async () => {
    const blobs = memoryBlobs();
    await propose(inputFor(), firstAttempt(blobs, "another-run"));
    const lost = await propose(inputFor(), firstAttempt(blobs));
    await propose(inputFor(), firstAttempt(blobs, "third-run"));
    expect(await propose(inputFor(), afterCrash(blobs))).toEqual(lost);
    expect(blobs.objects.size).toBe(3);
  });

  test("after a crash before the effect the object is created", async () => {
    const blobs = memoryBlobs();
    await propose(inputFor(), firstAttempt(blobs, "another-run"));
    await propose(inputFor(), afterCrash(blobs));
    expect(
      contents(blobs)
        .map(({ idempotencyKey }) => idempotencyKey)
        .sort(),
    ).toEqual(["another-run/create-payment", "key-1/create-payment"]);
  });

  test.each(["", "{", '{"idempotencyKey": "key-1/cre'])(
    "an object that cannot be read (%s) leaves it to a person",
    async (torn) => {
      const blobs = memoryBlobs({ [`${FOLDER}/INV-1-torn.json`]: torn });
      await expect(propose(inputFor(), afterCrash(blobs))).rejects.toThrow("unknown outcome");
      expect(blobs.objects.size).toBe(1);
    },
  );

  test.each(["null", "7", "[]"])("JSON that is no payment (%s) does not stand in the way", async (odd) => {
    const blobs = memoryBlobs({ [`${FOLDER}/INV-1-odd.json`]: odd });
    await propose(inputFor(), afterCrash(blobs));
    expect(blobs.objects.size).toBe(2);
  });

  test("a credit note gives a negative amount", async () => {
    const invoice = parseInvoice(fixture("credit-notes/partial-credit.xml"));
    expect(await propose(inputFor({ invoice }), firstAttempt(memoryBlobs()))).toMatchObject({ amount: "-48.79" });
  });

  test("what was prepaid is not paid again", async () => {
    const invoice = parseInvoice(fixture("invoices/prepaid-and-rounding.xml"));
    expect(await propose(inputFor({ invoice }), firstAttempt(memoryBlobs()))).toMatchObject({
      amount: "853.45",
      currency: "CHF",
    });
  });

  test.each(["payable", "taxExclusive", "tax"] as const)(
    "a %s that the lines do not come to is not paid",
    async (key) => {
      const blobs = memoryBlobs();
      const invoice = anInvoice({ totals: { ...anInvoice().totals, [key]: "9999.00" } });
      await permanentFailure("invoice-inconsistent", () => propose(inputFor({ invoice }), firstAttempt(blobs)));
      expect(blobs.objects.size).toBe(0);
    },
  );

  test.each(["../../etc/cron.d/x", "..", "a/b", "a\\b", "a?b#c", "%2e%2e%2f", "ü", "a\0b", "x".repeat(5_000)])(
    "an invoice id %j stays one object in the folder",
    async (invoiceId) => {
      const blobs = memoryBlobs();
      const { object } = await propose(inputFor({ invoiceId, payments: `${FOLDER}/` }), firstAttempt(blobs));
      expect(object).toMatch(/^s3:\/\/erp\/payments\/[A-Za-z0-9._-]{1,64}-[0-9a-f-]{36}\.json$/);
      expect(new URL(object).href).toBe(object);
      expect(await propose(inputFor({ invoiceId, payments: `${FOLDER}/` }), afterCrash(blobs))).toMatchObject({
        object,
      });
    },
  );
});

describe("cancel-payment", () => {
  async function proposed() {
    const blobs = memoryBlobs();
    const input = inputFor();
    const output: Payment = await propose(input, firstAttempt(blobs));
    return { blobs, undone: { input, output } };
  }

  test("adds an object that names the payment's key, and deletes nothing", async () => {
    const { blobs, undone } = await proposed();
    const { object } = await cancel(undone, firstAttempt(blobs, "key-2"));
    expect([...blobs.objects.keys()].sort()).toEqual([undone.output.object, object].sort());
    expect(contents(blobs)[1]).toEqual({ cancels: "key-1/create-payment", invoiceId: "INV-1" });
  });

  test("after a crash the cancellation that is there is found, and none is added", async () => {
    const { blobs, undone } = await proposed();
    const lost = await cancel(undone, firstAttempt(blobs, "key-2"));
    expect(await cancel(undone, afterCrash(blobs, "key-2"))).toEqual(lost);
    expect(blobs.objects.size).toBe(2);
  });

  test("after a crash before the effect the cancellation is created: the payment is not taken for it", async () => {
    const { blobs, undone } = await proposed();
    await cancel(undone, afterCrash(blobs, "key-2"));
    expect(blobs.objects.size).toBe(2);
  });
});
