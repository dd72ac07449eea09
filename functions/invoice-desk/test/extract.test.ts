import { describe, expect, test } from "vitest";
import { memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run } from "../extract.ts";
import { parseInvoice } from "../ubl/index.ts";
import { firstAttempt } from "./contexts.ts";
import { permanentFailure } from "./fails.ts";
import { fixture, fixtureText } from "./fixtures.ts";

const parse = (text: string) => parseInvoice(new TextEncoder().encode(text));
const clean = fixtureText("invoices/clean.xml");
const changed = (from: string | RegExp, to: string) => {
  const text = clean.replace(from, to);
  expect(text).not.toBe(clean);
  return () => parse(text);
};

test("an invoice is read with parties, lines and totals", async () => {
  const context = firstAttempt(memoryBlobs({ "s3://inbox/1.xml": fixture("invoices/clean.xml") }));
  expect(await run({ invoiceId: "INV-1", document: "s3://inbox/1.xml" }, context)).toEqual({
    kind: "invoice",
    number: "NS-20411",
    issueDate: "2025-03-03",
    supplier: { id: "DE289417763", name: "Nordlicht Schraubenwerk GmbH" },
    buyer: { id: "DE811907344", name: "Brackwater Marine Works GmbH" },
    currency: "EUR",
    taxCurrency: null,
    taxInTaxCurrency: null,
    exchangeRate: null,
    purchaseOrder: "PO-4501",
    precedingInvoices: [],
    lines: [
      {
        id: "1",
        description: "Hex bolt M12 × 60, A4 stainless",
        quantity: "400",
        unit: "H87",
        unitPrice: "1.15",
        baseQuantity: "1",
        allowancesAndCharges: [],
        net: "460.00",
        tax: { category: "S", rate: "19" },
      },
      {
        id: "2",
        description: "Lock nut M12, A4 stainless",
        quantity: "400",
        unit: "H87",
        unitPrice: "0.35",
        baseQuantity: "1",
        allowancesAndCharges: [],
        net: "140.00",
        tax: { category: "S", rate: "19" },
      },
    ],
    allowancesAndCharges: [],
    taxes: [{ category: "S", rate: "19", taxable: "600.00", amount: "114.00" }],
    totals: {
      lineNet: "600.00",
      allowance: "0.00",
      charge: "0.00",
      taxExclusive: "600.00",
      tax: "114.00",
      taxInclusive: "714.00",
      prepaid: "0.00",
      rounding: "0.00",
      payable: "714.00",
    },
    attachments: [],
  });
});

test("several tax rates each have their subtotal, whatever the prefixes are", () => {
  expect(parseInvoice(fixture("invoices/several-tax-rates.xml")).taxes).toEqual([
    { category: "S", rate: "19", taxable: "250.00", amount: "47.50" },
    { category: "S", rate: "7", taxable: "249.50", amount: "17.47" },
    { category: "E", rate: "0", taxable: "380.00", amount: "0.00" },
  ]);
});

test("allowances and charges are read on the document and on its lines, and prices for more than one unit", () => {
  const { allowancesAndCharges, lines } = parseInvoice(fixture("invoices/allowances-and-charges.xml"));
  const tax = { category: "S", rate: "19" };
  expect(allowancesAndCharges).toEqual([
    { kind: "allowance", reason: "Loyalty discount", amount: "10.00", tax },
    { kind: "charge", reason: "Pallet", amount: "25.00", tax },
  ]);
  expect(lines).toMatchObject([
    { baseQuantity: "100", net: "114.00", allowancesAndCharges: [{ kind: "allowance", amount: "6.00" }] },
    { baseQuantity: "1", net: "242.30", allowancesAndCharges: [{ kind: "charge", amount: "3.50" }] },
  ]);
});

test("prepaid amounts and rounding change what is payable", () => {
  expect(parseInvoice(fixture("invoices/prepaid-and-rounding.xml"))).toMatchObject({
    currency: "CHF",
    totals: { taxInclusive: "1353.47", prepaid: "500.00", rounding: "-0.02", payable: "853.45" },
  });
});

test("tax can be declared in another currency than the invoice's, at a rate", () => {
  expect(parseInvoice(fixture("invoices/foreign-currency.xml"))).toMatchObject({
    currency: "USD",
    taxCurrency: "NOK",
    taxInTaxCurrency: "6584.40",
    exchangeRate: { from: "USD", to: "NOK", rate: "10.62", operator: "multiply" },
    totals: { tax: "620.00", payable: "3100.00" },
  });
});

test("a rate multiplies unless it says that it divides", () => {
  const foreign = fixtureText("invoices/foreign-currency.xml");
  const operator = "<cbc:MathematicOperatorCode>Multiply</cbc:MathematicOperatorCode>";
  expect(parse(foreign.replace(operator, "")).exchangeRate?.operator).toBe("multiply");
  expect(parse(foreign.replace("Multiply", "Divide")).exchangeRate?.operator).toBe("divide");
});

test("tax that is declared in the invoice's own currency is not said twice", () => {
  const own = "Code>EUR</cbc:DocumentCurrencyCode>";
  const invoice = changed(own, `${own}<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>`)();
  expect(invoice).toMatchObject({ taxCurrency: null, taxInTaxCurrency: null });
});

test("what is not subject to VAT has no rate, and all else has one", async () => {
  const outside = clean.replace(/<cbc:ID>S<\/cbc:ID>\s*<cbc:Percent>19<\/cbc:Percent>/g, "<cbc:ID>O</cbc:ID>");
  expect(parse(outside).lines[0]?.tax).toEqual({ category: "O", rate: "0" });
  await permanentFailure("invoice-incomplete", changed("<cbc:Percent>19</cbc:Percent>", ""));
});

test("attachments are listed by name and size, links without size", () => {
  const size = "%PDF-1.4\n% Delivery note 5512: ten impeller sets, received in good order at berth 4.\n%%EOF\n".length;
  expect(parseInvoice(fixture("invoices/with-attachments.xml")).attachments).toEqual([
    { name: "delivery-note-5512.pdf", bytes: size },
    { name: "photos", bytes: null },
  ]);
});

test("a credit note names the invoice that it corrects, and its amounts are positive", () => {
  expect(parseInvoice(fixture("credit-notes/partial-credit.xml"))).toMatchObject({
    kind: "creditNote",
    precedingInvoices: ["NS-20307"],
    lines: [{ quantity: "5", net: "41.00" }],
    totals: { payable: "48.79" },
  });
});

test("an order number of NA is none", () => {
  expect(changed("<cbc:ID>PO-4501<", "<cbc:ID>NA<")().purchaseOrder).toBeNull();
});

test("names are on one line, so that they cannot forge lines of a message", () => {
  const name = "<cbc:RegistrationName>Nordlicht Schraubenwerk GmbH<";
  expect(changed(name, name.replace(" ", "\nApproved: yes\r\n\t"))().supplier.name).toBe(
    "Nordlicht Approved: yes Schraubenwerk GmbH",
  );
});

test("a supplier without VAT number is known by its legal registration, then by its electronic address", () => {
  const withoutVat = clean.replace("<cbc:ID>VAT</cbc:ID>", "<cbc:ID>TAX</cbc:ID>");
  expect(parse(withoutVat).supplier.id).toBe("DE289417763");
  const registered = withoutVat.replace(
    "</cbc:RegistrationName>",
    "</cbc:RegistrationName><cbc:CompanyID>HRB 7</cbc:CompanyID>",
  );
  expect(parse(registered).supplier.id).toBe("HRB 7");
});

test("the byte order mark of UTF-8 is passed over", () => {
  expect(parse(`\ufeff${clean}`).number).toBe("NS-20411");
});

describe("values that an invoice must not have", () => {
  test.each([
    ["a date that no calendar has", "2025-03-03", "2025-02-30"],
    ["a currency that is none", "Code>EUR<", "Code>Euro<"],
    ["an amount in another currency", '<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="USD">'],
    ["an amount without currency", '<cbc:PayableAmount currencyID="EUR">', "<cbc:PayableAmount>"],
    ["fractions of a cent", ">714.00</cbc:PayableAmount", ">714.004</cbc:PayableAmount"],
    ["an amount with exponent", ">714.00</cbc:PayableAmount", ">7.14e2</cbc:PayableAmount"],
    ["an amount with comma", ">714.00</cbc:PayableAmount", ">714,00</cbc:PayableAmount"],
    ["NaN", ">714.00</cbc:PayableAmount", ">NaN</cbc:PayableAmount"],
    ["a negative tax rate", "<cbc:Percent>19<", "<cbc:Percent>-19<"],
    ["the type of a credit note", "TypeCode>380<", "TypeCode>381<"],
    ["a name of 1001 characters", "Hex bolt M12 × 60, A4 stainless", "x".repeat(1001)],
  ])("%s", async (_name, from, to) => {
    const message = await permanentFailure("invoice-invalid-value", changed(from, to));
    expect(message).toMatch(/ is ".*"; allowed is .+\. Ask the supplier/);
  });
});

test.each([
  "cbc:ID",
  "cbc:IssueDate",
  "cbc:DocumentCurrencyCode",
  "cac:AccountingSupplierParty",
  "cac:TaxTotal",
  "cac:LegalMonetaryTotal",
])("an invoice without %s is incomplete", async (name) => {
  const element = new RegExp(`<${name}[ >][\\s\\S]*?</${name}>`);
  expect(await permanentFailure("invoice-incomplete", changed(element, ""))).toContain(name);
});

test("an invoice without lines is incomplete", async () => {
  await permanentFailure("invoice-incomplete", changed(/<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, ""));
});

test("two amounts payable are ambiguous", async () => {
  const payable = '<cbc:PayableAmount currencyID="EUR">714.00</cbc:PayableAmount>';
  const message = await permanentFailure("invoice-ambiguous", changed(payable, payable + payable.replace("7", "9")));
  expect(message).toContain("cac:LegalMonetaryTotal/cbc:PayableAmount");
});

test("two tax totals in one currency are ambiguous", async () => {
  const total = /<cac:TaxTotal>[\s\S]*?<\/cac:TaxTotal>/;
  await permanentFailure("invoice-ambiguous", changed(total, "$&$&"));
});
