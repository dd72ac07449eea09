import { type Entry, readOrders } from "./orders.ts";
import { readTable } from "./table.ts";
import { readText } from "./text.ts";

export type { Entry, Order } from "./orders.ts";

/** What the ERP knew last night. */
export interface ErpExport {
  /** By order number. */
  readonly orders: ReadonlyMap<string, Entry>;
  /** Whether the supplier's invoice of this number was paid already, for whichever order. */
  isPaid(supplier: string, invoice: string): boolean;
  /** What was passed over in reading, for people. */
  readonly notes: readonly string[];
}

/** Identifiers as they compare: suppliers write "DE 123.456", ERPs "DE123456". */
export const comparable = (id: string): string => id.replace(/[\s.-]/g, "").toUpperCase();

const paidKey = (supplier: string, invoice: string) => `${comparable(supplier)} ${invoice.trim().toUpperCase()}`;

function note(what: string, lines: readonly number[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > 10 ? ` and ${lines.length - 10} more` : "";
  return [`The ERP export has ${what}, which were ignored: line ${lines.slice(0, 10).join(", ")}${more}.`];
}

/**
 * Reads the ERP's CSV export: semicolons or commas, any of the known headers, either decimal mark, UTF-8 or Latin-1.
 * Rows that cannot be read are noted and passed over; what makes the whole export doubtful is refused.
 *
 * @throws `Holdfast.Permanent`: `erp-export-headers`, `erp-export-amounts` or `erp-export-unreadable`
 */
export function readErpExport(bytes: Uint8Array): ErpExport {
  const { text, truncated } = readText(bytes);
  const table = readTable(text);
  const { entries, repeats } = readOrders(table);
  // From every row, also from those that contradict each other: a payment on either is a payment.
  const paid = new Set(
    table.rows.flatMap(({ cells }) => cells.paidInvoices.split("|").map((invoice) => paidKey(cells.supplier, invoice))),
  );
  return {
    orders: entries,
    isPaid: (supplier, invoice) => paid.has(paidKey(supplier, invoice)),
    notes: [
      ...note("rows that repeat an earlier one", repeats),
      ...note("broken rows", table.broken),
      ...(truncated ? ["The ERP export is cut off in its last row, which was ignored."] : []),
    ],
  };
}
