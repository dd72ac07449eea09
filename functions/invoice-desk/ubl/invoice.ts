import type { Invoice, Totals } from "../schemas.ts";
import { allowanceOrCharge } from "./allowances.ts";
import { attachmentsOf } from "./attachments.ts";
import { exchangeRateAt } from "./exchange-rate.ts";
import { readLine } from "./lines.ts";
import { readParty } from "./party.ts";
import { incomplete, invalidValue, notUbl } from "./problems.ts";
import { all, amountAt, currencyAt, dateAt, optional, requireElement, requireText, textAt } from "./read.ts";
import { taxAt, taxesOf, taxTotalIn } from "./tax.ts";
import type { Element } from "./xml.ts";

interface Dialect {
  readonly kind: Invoice["kind"];
  readonly line: string;
  readonly quantity: string;
}

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ["invoice:Invoice", { kind: "invoice", line: "cac:InvoiceLine", quantity: "cbc:InvoicedQuantity" }],
  ["credit-note:CreditNote", { kind: "creditNote", line: "cac:CreditNoteLine", quantity: "cbc:CreditedQuantity" }],
]);

/** UNCL1001 codes of credit notes: in an Invoice they would turn the payment round. */
const CREDIT_NOTE_TYPES: ReadonlySet<string | null> = new Set(["81", "83", "261", "381", "396", "532"]);

/** What Peppol has suppliers write where they know only their own sales order. */
const NO_ORDER = "NA";

function readTotals(root: Element, tax: Element, currency: string): Totals {
  const total = requireElement(root, "cac:LegalMonetaryTotal");
  const amount = (parent: Element, path: string) => amountAt(parent, path, currency);
  const orZero = (path: string) => optional(total, path, amount) ?? "0.00";
  return {
    lineNet: amount(total, "cbc:LineExtensionAmount"),
    allowance: orZero("cbc:AllowanceTotalAmount"),
    charge: orZero("cbc:ChargeTotalAmount"),
    taxExclusive: amount(total, "cbc:TaxExclusiveAmount"),
    tax: amount(tax, "cbc:TaxAmount"),
    taxInclusive: amount(total, "cbc:TaxInclusiveAmount"),
    prepaid: orZero("cbc:PrepaidAmount"),
    rounding: orZero("cbc:PayableRoundingAmount"),
    payable: amount(total, "cbc:PayableAmount"),
  };
}

function checkTypeCode(root: Element): void {
  const code = textAt(root, "cbc:InvoiceTypeCode");
  if (CREDIT_NOTE_TYPES.has(code)) {
    throw invalidValue("cbc:InvoiceTypeCode", code ?? "", "a code of an invoice, such as 380; credit is a CreditNote");
  }
}

/** The invoice that a UBL document states. Its amounts are read here, not believed: see totals.ts. */
export function readInvoice(root: Element): Invoice {
  const dialect = DIALECTS.get(root.name);
  if (dialect === undefined) throw notUbl(root.namespace, root.local);
  checkTypeCode(root);

  const currency = currencyAt(root, "cbc:DocumentCurrencyCode");
  const declared = optional(root, "cbc:TaxCurrencyCode", currencyAt);
  const taxCurrency = declared === currency ? null : declared;
  const tax = taxTotalIn(root, currency);
  const lines = all(root, dialect.line);
  if (lines.length === 0) throw incomplete(`${root.name}/${dialect.line}`);
  const order = textAt(root, "cac:OrderReference/cbc:ID");

  return {
    kind: dialect.kind,
    number: requireText(root, "cbc:ID"),
    issueDate: dateAt(root, "cbc:IssueDate"),
    supplier: readParty(requireElement(root, "cac:AccountingSupplierParty/cac:Party")),
    buyer: optional(root, "cac:AccountingCustomerParty/cac:Party", (at, path) => readParty(requireElement(at, path))),
    currency,
    taxCurrency,
    taxInTaxCurrency:
      taxCurrency === null ? null : amountAt(taxTotalIn(root, taxCurrency), "cbc:TaxAmount", taxCurrency),
    exchangeRate: optional(root, "cac:PaymentExchangeRate", exchangeRateAt),
    purchaseOrder: order === NO_ORDER ? null : order,
    precedingInvoices: all(root, "cac:BillingReference").map((reference) =>
      requireText(reference, "cac:InvoiceDocumentReference/cbc:ID"),
    ),
    lines: lines.map((line) => readLine(line, dialect.quantity, currency)),
    allowancesAndCharges: all(root, "cac:AllowanceCharge").map((element) => ({
      ...allowanceOrCharge(element, currency),
      tax: taxAt(element, "cac:TaxCategory"),
    })),
    taxes: taxesOf(tax, currency),
    totals: readTotals(root, tax, currency),
    attachments: attachmentsOf(root),
  };
}
