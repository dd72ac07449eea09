import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run as extract } from "../extract.ts";
import { run as match } from "../match.ts";
import { Invoice, InvoiceReceived, MatchResult } from "../schemas.ts";
import { firstAttempt } from "./contexts.ts";
import { permanentFailure } from "./fails.ts";
import { fixtureNames, readEvent } from "./fixtures.ts";

const VERDICTS: Readonly<
  Record<string, { verdict: MatchResult["verdict"]; order: string | null; difference: string | null }>
> = {
  clean: { verdict: "clean", order: "PO-4501", difference: "0.00" },
  tolerable: { verdict: "tolerable", order: "PO-4502", difference: "14.80" },
  mismatch: { verdict: "mismatch", order: "PO-4503", difference: "195.00" },
  duplicate: { verdict: "duplicate", order: "PO-4504", difference: "0.00" },
  "several-tax-rates": { verdict: "clean", order: "PO-4505", difference: "0.00" },
  "allowances-and-charges": { verdict: "clean", order: "PO-4506", difference: "0.00" },
  "prepaid-and-rounding": { verdict: "clean", order: "PO-4507", difference: "0.00" },
  "foreign-currency": { verdict: "clean", order: "PO-4508", difference: "0.00" },
  "other-currency-than-order": { verdict: "mismatch", order: "PO-4509", difference: null },
  "with-attachments": { verdict: "clean", order: "PO-4510", difference: "0.00" },
  "partial-credit": { verdict: "clean", order: "PO-4504", difference: "0.00" },
  "more-than-invoiced": { verdict: "mismatch", order: "PO-4503", difference: "63.00" },
  "missing-purchase-order": { verdict: "mismatch", order: null, difference: null },
  "erp-renamed-headers": { verdict: "clean", order: "PO-4501", difference: "0.00" },
  "erp-repeated-row": { verdict: "clean", order: "PO-4501", difference: "0.00" },
  "erp-contradictory-rows": { verdict: "mismatch", order: null, difference: null },
  "erp-truncated-row": { verdict: "mismatch", order: null, difference: null },
};

const FAILURES: Readonly<Record<string, string>> = {
  "inconsistent-totals": "invoice-inconsistent",
  truncated: "invoice-malformed",
  "wrong-namespace": "invoice-not-ubl",
  "doctype-bomb": "invoice-doctype",
  "wrong-encoding": "invoice-encoding",
  "not-ubl": "invoice-not-ubl",
  "erp-wrong-headers": "erp-export-headers",
};

async function extractAndMatch(name: string) {
  const { invoiceId, document, erpExport } = readEvent(name);
  const files = [document, erpExport].map((uri) => [uri, readFileSync(new URL(uri))]);
  const context = firstAttempt(memoryBlobs(Object.fromEntries(files)));
  const invoice = await extract({ invoiceId, document }, context);
  return { invoice, result: await match({ invoice, erpExport }, context) };
}

test("every event has its expectation", () => {
  const expected = [...Object.keys(VERDICTS), ...Object.keys(FAILURES)].map((name) => `${name}.json`);
  expect(fixtureNames("events")).toEqual(expected.sort());
});

test.each(Object.entries(VERDICTS))("%s", async (name, { verdict, order, difference }) => {
  const { invoice, result } = await extractAndMatch(name);
  expect(Invoice.parse(invoice)).toEqual(invoice);
  expect(MatchResult.parse(result)).toEqual(result);
  expect(result).toMatchObject({ verdict, purchaseOrder: order, difference });
  expect(result.reasons.length === 0).toBe(verdict === "clean");
});

test.each(Object.entries(FAILURES))("%s fails with %s", async (name, code) => {
  await permanentFailure(code, () => extractAndMatch(name));
});

test.each(fixtureNames("events"))("%s is an event that starts the agent", (file) => {
  const { envelope, payments } = readEvent(file.replace(".json", ""));
  expect(envelope).toMatchObject({ version: "0", "detail-type": "InvoiceReceived", source: "erp.invoices" });
  expect(InvoiceReceived.parse(envelope.detail)).toEqual(envelope.detail);
  expect(payments).toBe(new URL("../../../.holdfast/payments", import.meta.url).href);
});

test("no two events have the same invoice id", () => {
  const ids = fixtureNames("events").map((file) => readEvent(file.replace(".json", "")).invoiceId);
  expect(new Set(ids).size).toBe(ids.length);
});
