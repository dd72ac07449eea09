import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal, toMoney } from "../money.ts";
import type { Invoice, Totals } from "../schemas.ts";
import { checkedTotals, recompute } from "../totals.ts";
import { parseInvoice } from "../ubl/index.ts";
import { permanentFailure } from "./fails.ts";
import { anInvoice, fixture } from "./fixtures.ts";

const charged = parseInvoice(fixture("invoices/allowances-and-charges.xml"));
const prepaid = parseInvoice(fixture("invoices/prepaid-and-rounding.xml"));
const withTotals = (invoice: Invoice, totals: Partial<Totals>): Invoice => ({
  ...invoice,
  totals: { ...invoice.totals, ...totals },
});
const aCentMore = (amount: string) => toMoney(decimal(amount).plus("0.01"));

test.each([
  ["BR-CO-10", "lineNet"],
  ["BR-CO-11", "allowance"],
  ["BR-CO-12", "charge"],
  ["BR-CO-13", "taxExclusive"],
  ["BR-CO-14", "tax"],
  ["BR-CO-15", "taxInclusive"],
  ["BR-CO-16", "payable"],
] as const)("%s: %s is what the lines come to, to the cent", async (rule, key) => {
  const computed = charged.totals[key];
  const stated = aCentMore(computed);
  const message = await permanentFailure("invoice-inconsistent", () =>
    checkedTotals(withTotals(charged, { [key]: stated })),
  );
  expect(message).toContain(`is stated as ${stated} and comes to ${computed} (${rule})`);
});

test.each(["prepaid", "rounding"] as const)("BR-CO-16: %s counts towards the amount payable", async (key) => {
  const message = await permanentFailure("invoice-inconsistent", () =>
    checkedTotals(withTotals(prepaid, { [key]: aCentMore(prepaid.totals[key]) })),
  );
  expect(message).toContain("is stated as 853.45 and comes to 853.4");
});

test.each([
  ["BR-S-08", "taxable amount", "taxable"],
  ["BR-CO-17", "tax", "amount"],
] as const)("%s: the %s of each rate is recomputed", async (rule, what, key) => {
  const invoice = parseInvoice(fixture("invoices/several-tax-rates.xml"));
  const taxes = invoice.taxes.map((tax) => (tax.rate === "7" ? { ...tax, [key]: aCentMore(tax[key]) } : tax));
  const message = await permanentFailure("invoice-inconsistent", () => checkedTotals({ ...invoice, taxes }));
  expect(message).toContain(`${what} of S at 7 % is stated as`);
  expect(message).toContain(rule);
});

test("a rate that no line has, and a line whose rate is left out, contradict the lines", async () => {
  const [tax] = anInvoice().taxes;
  if (tax === undefined) throw new Error("the clean invoice has a tax");
  const invented = anInvoice({ taxes: [tax, { ...tax, rate: "7" }] });
  expect(await permanentFailure("invoice-inconsistent", () => checkedTotals(invented))).toContain(
    "taxable amount of S at 7 % is stated as 600.00 and comes to 0.00",
  );
  expect(await permanentFailure("invoice-inconsistent", () => checkedTotals(anInvoice({ taxes: [] })))).toContain(
    "tax of S at 19 % is stated as 0.00 and comes to 114.00",
  );
});

test("19 and 19.00 are one rate", () => {
  const invoice = anInvoice();
  const lines = invoice.lines.map((line) => ({ ...line, tax: { ...line.tax, rate: "19.00" } }));
  expect(checkedTotals({ ...invoice, lines }).payable).toBe("714.00");
});

test.each([
  ["0.02 is granted, as Peppol does", "1.15005", undefined],
  ["0.03 is not", "1.150075", "net amount of line 1 is stated as 460.00 and comes to 460.03 (PEPPOL-EN16931-R120)"],
])("of a line's rounding, %s", async (_name, unitPrice, problem) => {
  const invoice = anInvoice();
  const lines = invoice.lines.map((line) => (line.id === "1" ? { ...line, unitPrice } : line));
  if (problem === undefined) expect(checkedTotals({ ...invoice, lines }).payable).toBe("714.00");
  else
    expect(await permanentFailure("invoice-inconsistent", () => checkedTotals({ ...invoice, lines }))).toContain(
      problem,
    );
});

test("a message names at most ten contradictions", async () => {
  const [line] = anInvoice().lines;
  if (line === undefined) throw new Error("the clean invoice has a line");
  const lines = Array.from({ length: 500 }, (_, index) => ({ ...line, id: `${index}`, net: "1.00" }));
  const message = await permanentFailure("invoice-inconsistent", () => checkedTotals(anInvoice({ lines })));
  expect(message.match(/is stated as/g)).toHaveLength(10);
});

const cents = fc.integer({ min: -1_000_000, max: 10_000_000 });
const money = (amount: number) => toMoney(decimal(`${amount}`).div(100));
const arbitraryInvoice = fc
  .record({
    lines: fc.array(fc.record({ net: cents, rate: fc.constantFrom("0", "7", "8.1", "19") }), {
      minLength: 1,
      maxLength: 20,
    }),
    extras: fc.array(
      fc.record({
        amount: fc.nat(100_000),
        kind: fc.constantFrom("allowance", "charge"),
        rate: fc.constantFrom("7", "19"),
      }),
      { maxLength: 5 },
    ),
    prepaid: fc.nat(100_000),
  })
  .map(({ lines, extras, prepaid }) =>
    anInvoice({
      lines: lines.map(({ net, rate }, index) => ({
        id: `${index}`,
        description: "Goods",
        quantity: "1",
        unit: "H87",
        unitPrice: money(net),
        baseQuantity: "1",
        allowancesAndCharges: [],
        net: money(net),
        tax: { category: "S", rate },
      })),
      allowancesAndCharges: extras.map(({ amount, kind, rate }) => ({
        kind,
        reason: null,
        amount: money(amount),
        tax: { category: "S", rate },
      })),
      totals: { ...anInvoice().totals, prepaid: money(prepaid) },
    }),
  );

test("whatever the lines, totals are exact to the cent by integer arithmetic", () => {
  const asCents = (amount: string) => Number(amount.replace(".", ""));
  fc.assert(
    fc.property(arbitraryInvoice, (invoice) => {
      const totals = recompute(invoice);
      const net = invoice.lines.reduce((total, line) => total + asCents(line.net), 0);
      const byRate = new Map<string, number>();
      const add = (rate: string, amount: number) => byRate.set(rate, (byRate.get(rate) ?? 0) + amount);
      for (const { tax, net } of invoice.lines) add(tax.rate, asCents(net));
      for (const { tax, kind, amount } of invoice.allowancesAndCharges) {
        add(tax.rate, kind === "charge" ? asCents(amount) : -asCents(amount));
      }
      // Rates in tenths of a percent keep all of it in integers.
      const tax = [...byRate].reduce((total, [rate, taxable]) => {
        const tenths = Math.abs(taxable) * Math.round(Number(rate) * 10);
        return total + Math.sign(taxable) * Math.floor((tenths + 500) / 1000);
      }, 0);
      const taxable = [...byRate.values()].reduce((total, amount) => total + amount, 0);
      expect(asCents(totals.lineNet)).toBe(net);
      expect(asCents(totals.taxExclusive)).toBe(taxable);
      expect(asCents(totals.tax)).toBe(tax);
      expect(asCents(totals.payable)).toBe(taxable + tax - asCents(invoice.totals.prepaid));
    }),
  );
});
