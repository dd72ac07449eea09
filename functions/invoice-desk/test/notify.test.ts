import { expect, test } from "vitest";
import { memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run } from "../notify.ts";
import { firstAttempt } from "./contexts.ts";
import { anInvoice } from "./fixtures.ts";

test("the summary says what came, what it was compared with and what was proposed, and writes nothing", async () => {
  const blobs = memoryBlobs();
  const summary = await run(
    {
      invoiceId: "INV-1",
      invoice: anInvoice(),
      match: {
        verdict: "tolerable",
        purchaseOrder: "PO-4501",
        expected: "598.00",
        difference: "2.00",
        reasons: ["It is off by 2.00."],
        notes: ["A row was ignored."],
      },
      payment: { object: "s3://erp/payments/INV-1-a.json", amount: "714.00", currency: "EUR", idempotencyKey: "key" },
    },
    firstAttempt(blobs),
  );
  expect(summary).toEqual({
    subject: "Invoice NS-20411 of Nordlicht Schraubenwerk GmbH matches its order within tolerance",
    text: [
      "Invoice NS-20411 of Nordlicht Schraubenwerk GmbH (INV-1): 714.00 EUR payable.",
      "Purchase order: PO-4501.",
      "It is off by 2.00.",
      "A row was ignored.",
      "Proposed: 714.00 EUR, in s3://erp/payments/INV-1-a.json",
    ].join("\n"),
  });
  expect(blobs.objects.size).toBe(0);
});
