/**
 * What each column has been called, oldest name first. The ERP renames headers with its releases and translates them:
 * a new name is a new entry here, and old exports stay readable.
 */
export const COLUMNS = {
  number: ["PO Number", "Purchase Order", "Bestellnummer"],
  supplier: ["Supplier VAT", "Vendor Tax ID", "USt-IdNr. Lieferant"],
  currency: ["Currency", "Curr.", "Währung"],
  ordered: ["Ordered", "Order Value", "Bestellwert"],
  received: ["Received", "Goods Receipt Value", "Wareneingang"],
  invoiced: ["Invoiced", "Invoiced To Date", "Fakturiert"],
  tolerance: ["Tolerance", "Tolerance Amount", "Toleranz"],
  status: ["Status", "PO Status", "Bestellstatus"],
  paidInvoices: ["Paid Invoices", "Settled Invoice Nos.", "Bezahlte Rechnungen"],
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS).filter((name): name is Column => name in COLUMNS);

export type OrderStatus = "open" | "closed" | "blocked";

/** What each status has been called, in lower case. */
export const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ["open", "open"],
  ["released", "open"],
  ["offen", "open"],
  ["closed", "closed"],
  ["completed", "closed"],
  ["erledigt", "closed"],
  ["blocked", "blocked"],
  ["gesperrt", "blocked"],
]);
