import { z } from "zod";

/** An amount of money: a decimal string with two decimals, such as "1234.50" or "-7.00". Never a float. */
const Money = z.string().regex(/^-?\d{1,20}\.\d{2}$/);
/** Any other number: quantities, unit prices, rates. */
const Decimal = z.string().regex(/^-?\d{1,20}(\.\d{1,10})?$/);
const Currency = z.string().regex(/^[A-Z]{3}$/);
/** A relative one is resolved against the event file before a run starts. */
const Uri = z.string().min(1).max(2048).meta({ format: "uri-reference" });
/** It becomes part of a file name, so nothing in it may have a meaning in a path. */
const InvoiceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** The detail of the event that starts a run. */
export const InvoiceReceived = z.object({
  invoiceId: InvoiceId,
  document: Uri.describe("The invoice: UBL 2.1 XML."),
  erpExport: Uri.describe("The ERP's nightly export of purchase orders: CSV."),
  payments: Uri.describe("The folder from which the ERP imports payments."),
});
export type InvoiceReceived = z.infer<typeof InvoiceReceived>;

const Party = z.object({
  id: z.string().describe("VAT number, else legal registration, else electronic address."),
  name: z.string(),
});
export type Party = z.infer<typeof Party>;

const Tax = z.object({ category: z.string().describe("UNCL5305, such as S, Z, E, AE or O."), rate: Decimal });
export type Tax = z.infer<typeof Tax>;

const AllowanceOrCharge = z.object({
  kind: z.enum(["allowance", "charge"]),
  reason: z.string().nullable(),
  amount: Money,
});
export type AllowanceOrCharge = z.infer<typeof AllowanceOrCharge>;

const InvoiceLine = z.object({
  id: z.string(),
  description: z.string(),
  quantity: Decimal,
  unit: z.string(),
  unitPrice: Decimal,
  baseQuantity: Decimal.describe("How many units the unit price buys."),
  allowancesAndCharges: z.array(AllowanceOrCharge),
  net: Money,
  tax: Tax,
});
export type InvoiceLine = z.infer<typeof InvoiceLine>;

const ExchangeRate = z.object({
  from: Currency,
  to: Currency,
  rate: Decimal,
  operator: z.enum(["multiply", "divide"]),
});
export type ExchangeRate = z.infer<typeof ExchangeRate>;

const Totals = z.object({
  lineNet: Money,
  allowance: Money,
  charge: Money,
  taxExclusive: Money,
  tax: Money,
  taxInclusive: Money,
  prepaid: Money,
  rounding: Money,
  payable: Money,
});
export type Totals = z.infer<typeof Totals>;

/** A supplier's invoice or credit note. Amounts are in `currency` and, as in UBL, positive in a credit note too. */
export const Invoice = z.object({
  kind: z.enum(["invoice", "creditNote"]),
  number: z.string(),
  issueDate: z.iso.date(),
  supplier: Party,
  buyer: Party.nullable(),
  currency: Currency,
  taxCurrency: Currency.nullable().describe("The currency in which tax is declared, where it is another one."),
  taxInTaxCurrency: Money.nullable(),
  exchangeRate: ExchangeRate.nullable(),
  purchaseOrder: z.string().nullable(),
  precedingInvoices: z.array(z.string()).describe("The invoices that a credit note corrects."),
  lines: z.array(InvoiceLine),
  allowancesAndCharges: z.array(AllowanceOrCharge.extend({ tax: Tax })),
  taxes: z.array(Tax.extend({ taxable: Money, amount: Money })),
  totals: Totals,
  attachments: z.array(
    z.object({ name: z.string(), bytes: z.int().nullable().describe("null: a link, which is never followed.") }),
  ),
});
export type Invoice = z.infer<typeof Invoice>;

/** How an invoice compares with its purchase order. */
export const MatchResult = z.object({
  verdict: z.enum(["clean", "tolerable", "mismatch", "duplicate"]),
  purchaseOrder: z.string().nullable().describe("null: none is named, or it is not in the export."),
  expected: Money.nullable().describe("Before tax: received but not invoiced; for a credit note, what was invoiced."),
  difference: Money.nullable().describe("How far the invoice is from what was expected."),
  reasons: z.array(z.string()).describe("Why the verdict is not clean."),
  notes: z.array(z.string()).describe("What else a person should know."),
});
export type MatchResult = z.infer<typeof MatchResult>;

/** A payment proposed to the ERP. A credit note's amount is negative. */
export const Payment = z.object({
  object: Uri,
  amount: Money,
  currency: Currency,
  idempotencyKey: z.string().describe("By this the ERP, and a cancellation, know the payment."),
});
export type Payment = z.infer<typeof Payment>;

export const Cancellation = z.object({ object: Uri, cancels: z.string() });
export type Cancellation = z.infer<typeof Cancellation>;

export const Notification = z.object({ subject: z.string(), text: z.string() });
export type Notification = z.infer<typeof Notification>;

export const ExtractInput = InvoiceReceived.pick({ invoiceId: true, document: true });
export type ExtractInput = z.infer<typeof ExtractInput>;

export const MatchInput = z.object({ invoice: Invoice, erpExport: Uri });
export type MatchInput = z.infer<typeof MatchInput>;

export const ProposePaymentInput = z.object({
  invoiceId: InvoiceId,
  invoice: Invoice,
  match: MatchResult,
  payments: Uri,
});
export type ProposePaymentInput = z.infer<typeof ProposePaymentInput>;

/** What a compensation is given: the step that it undoes. */
export const CancelPaymentInput = z.object({ input: ProposePaymentInput, output: Payment });
export type CancelPaymentInput = z.infer<typeof CancelPaymentInput>;

export const NotifyInput = z.object({
  invoiceId: InvoiceId,
  invoice: Invoice,
  match: MatchResult,
  payment: Payment,
});
export type NotifyInput = z.infer<typeof NotifyInput>;
