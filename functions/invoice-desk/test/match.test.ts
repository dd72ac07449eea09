import { describe, expect, test } from "vitest";
import { memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { compareWithErp } from "../compare.ts";
import type { Entry, ErpExport, Order } from "../erp/index.ts";
import { run } from "../match.ts";
import type { Invoice } from "../schemas.ts";
import { parseInvoice } from "../ubl/index.ts";
import { firstAttempt } from "./contexts.ts";
import { permanentFailure } from "./fails.ts";
import { anInvoice, fixture } from "./fixtures.ts";

const credit = parseInvoice(fixture("credit-notes/partial-credit.xml"));

function erpWith(changes: Partial<Order> | Entry | null, paid: readonly string[] = []): ErpExport {
  const order: Order = {
    number: "PO-4501",
    supplier: "DE289417763",
    currency: "EUR",
    ordered: "600.00",
    received: "600.00",
    invoiced: "0.00",
    tolerance: "6.00",
    status: "open",
    ...changes,
  };
  const entry: Entry = changes !== null && "state" in changes ? changes : { state: "order", order };
  return {
    orders: new Map(changes === null ? [] : [[order.number, entry]]),
    isPaid: (_supplier, invoice) => paid.includes(invoice),
    notes: ["a note on the export"],
  };
}

const compare = (changes: Partial<Order> | Entry | null, invoice: Invoice = anInvoice()) =>
  compareWithErp(invoice, erpWith(changes));

test("goods received and not invoiced are expected: a clean match has no reasons", () => {
  expect(compare({})).toEqual({
    verdict: "clean",
    purchaseOrder: "PO-4501",
    expected: "600.00",
    difference: "0.00",
    reasons: [],
    notes: ["a note on the export"],
  });
});

test.each([
  ["at the upper tolerance", "594.00", "tolerable", "6.00"],
  ["a cent above it", "593.99", "mismatch", "6.01"],
  ["at the lower tolerance", "606.00", "tolerable", "-6.00"],
  ["a cent below it", "606.01", "mismatch", "-6.01"],
])("%s", (_name, received, verdict, difference) => {
  expect(compare({ ordered: "700.00", received })).toMatchObject({ verdict, expected: received, difference });
});

test("what was invoiced before is not expected again", () => {
  expect(compare({ invoiced: "100.00", ordered: "700.00" })).toMatchObject({
    verdict: "mismatch",
    expected: "500.00",
    difference: "100.00",
  });
});

test.each<[string, Partial<Order>, RegExp]>([
  ["another supplier's order", { supplier: "DE1" }, /from Nordlicht Schraubenwerk GmbH \(DE289417763\).* with DE1/],
  ["a closed order", { status: "closed" }, /is closed/],
  ["a blocked order", { status: "blocked" }, /is blocked/],
  ["more than was ordered", { ordered: "500.00" }, /brings what is invoiced to 600\.00; ordered were 500\.00/],
])("%s is a mismatch even if the amount is right", (_name, changes, reason) => {
  const { verdict, reasons } = compare(changes);
  expect(verdict).toBe("mismatch");
  expect(reasons).toEqual([expect.stringMatching(reason)]);
});

test("a supplier's number may be written with spaces and dots", () => {
  expect(compare({ supplier: "de 289.417.763" }).verdict).toBe("clean");
});

test.each<[string, Entry | null, RegExp]>([
  ["an order that is not in the export", null, /PO-4501 is not in the ERP export/],
  [
    "contradictory rows",
    { state: "contradictory", lines: [4, 9] },
    /contradicts itself on order PO-4501, in lines 4, 9/,
  ],
  [
    "an unreadable row",
    { state: "invalid", line: 4, problem: "its status is odd" },
    /in line 4, but its status is odd/,
  ],
])("%s is a mismatch without order", (_name, entry, reason) => {
  const { reasons, ...rest } = compare(entry);
  expect(rest).toMatchObject({ verdict: "mismatch", purchaseOrder: null, expected: null, difference: null });
  expect(reasons).toEqual([expect.stringMatching(reason)]);
});

test("an invoice that names no order is a mismatch", () => {
  expect(compare({}, anInvoice({ purchaseOrder: null }))).toMatchObject({
    verdict: "mismatch",
    reasons: ["It names no purchase order."],
  });
});

test("a number that was paid is a duplicate, whatever else is wrong or right", () => {
  for (const changes of [{}, { status: "closed" }, null] as const) {
    expect(compareWithErp(anInvoice(), erpWith(changes, ["NS-20411"]))).toMatchObject({
      verdict: "duplicate",
      reasons: expect.arrayContaining([
        expect.stringContaining("NS-20411 of Nordlicht Schraubenwerk GmbH was paid already"),
      ]),
    });
  }
});

describe("currencies", () => {
  const euros = anInvoice();
  test.each<[string, Invoice["exchangeRate"], string]>([
    ["without a rate", null, "It is in EUR, and the order is in USD."],
    ["at a rate that multiplies", { from: "EUR", to: "USD", rate: "1.1", operator: "multiply" }, "comes to 660.00 USD"],
    ["at a rate that divides", { from: "EUR", to: "USD", rate: "0.8", operator: "divide" }, "comes to 750.00 USD"],
    ["at a rate between others", { from: "EUR", to: "NOK", rate: "11", operator: "multiply" }, "the order is in USD."],
  ])("another currency than the order's %s is for a person", (_name, exchangeRate, reason) => {
    const { reasons, ...rest } = compare({ currency: "USD" }, { ...euros, exchangeRate });
    expect(rest).toMatchObject({ verdict: "mismatch", expected: null, difference: null });
    expect(reasons).toEqual([expect.stringContaining(reason)]);
  });
});

describe("credit notes", () => {
  const order = { number: "PO-4504", ordered: "820.00", received: "820.00", invoiced: "410.00", tolerance: "8.00" };
  const compareCredit = (changes: Partial<Order>) =>
    compareWithErp(credit, {
      ...erpWith({ ...order, ...changes }),
      isPaid: (_supplier, number) => number === "NS-20307",
    });

  test.each([
    ["a part of what was invoiced", "410.00", "clean", "0.00"],
    ["all that was invoiced", "41.00", "clean", "0.00"],
    ["more, within tolerance", "33.00", "tolerable", "8.00"],
    ["more, beyond tolerance", "32.99", "mismatch", "8.01"],
  ])("give back %s", (_name, invoiced, verdict, difference) => {
    expect(compareCredit({ invoiced })).toMatchObject({ verdict, expected: invoiced, difference });
  });

  test("are taken on closed orders, not on blocked ones", () => {
    expect(compareCredit({ status: "closed" }).verdict).toBe("clean");
    expect(compareCredit({ status: "blocked" }).verdict).toBe("mismatch");
  });

  test("on an unpaid invoice come with a note", () => {
    const { verdict, notes } = compareWithErp(credit, erpWith(order));
    expect(verdict).toBe("clean");
    expect(notes).toContain("It corrects invoice NS-20307, which is not paid.");
  });
});

describe("what would raise the payment past the order, which is compared before tax", () => {
  const raised = (totals: Partial<Invoice["totals"]>) => anInvoice({ totals: { ...anInvoice().totals, ...totals } });
  const [line] = anInvoice().lines;

  test.each([
    [
      "a prepaid amount below zero",
      raised({ prepaid: "-500.00", payable: "1214.00" }),
      /prepaid amount of -500\.00 raises/,
    ],
    ["rounding of more than the last coins", raised({ rounding: "1.01", payable: "715.01" }), /rounded by 1\.01/],
    ["rounding down as far", raised({ rounding: "-1.01", payable: "712.99" }), /rounded by -1\.01/],
    [
      "a tax rate that no country has",
      anInvoice({
        lines:
          line === undefined
            ? []
            : [{ ...line, quantity: "600", unitPrice: "1", net: "600.00", tax: { category: "S", rate: "100" } }],
        taxes: [{ category: "S", rate: "100", taxable: "600.00", amount: "600.00" }],
        totals: { ...anInvoice().totals, tax: "600.00", taxInclusive: "1200.00", payable: "1200.00" },
      }),
      /tax at 100 %/,
    ],
  ])("%s is a mismatch", (_name, invoice, reason) => {
    expect(compare({}, invoice)).toMatchObject({ verdict: "mismatch", reasons: [expect.stringMatching(reason)] });
  });

  test("rounding by a coin is none", () => {
    expect(compare({}, raised({ rounding: "-1.00", payable: "713.00" })).verdict).toBe("clean");
  });
});

test("totals that somebody changed after extraction are not believed", async () => {
  const invoice = anInvoice({ totals: { ...anInvoice().totals, taxExclusive: "1.00" } });
  await permanentFailure("invoice-inconsistent", () => compare({}, invoice));
});

test("the step reads the export from where the event says", async () => {
  const context = firstAttempt(memoryBlobs({ "s3://erp/orders.csv": fixture("erp/orders.csv") }));
  expect(await run({ invoice: anInvoice(), erpExport: "s3://erp/orders.csv" }, context)).toMatchObject({
    verdict: "clean",
  });
});
