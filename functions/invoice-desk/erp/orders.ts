import { type DecimalMark, decimalMark, parseAmount } from "./amounts.ts";
import { type OrderStatus, STATUSES } from "./columns.ts";
import type { Cells, Row, Table } from "./table.ts";

/** A purchase order as the ERP saw it last night. Amounts are before tax, in `currency`. */
export interface Order {
  readonly number: string;
  readonly supplier: string;
  readonly currency: string;
  readonly ordered: string;
  readonly received: string;
  readonly invoiced: string;
  readonly tolerance: string;
  readonly status: OrderStatus;
}

/** What the export says about an order number. */
export type Entry =
  | { readonly state: "order"; readonly order: Order }
  | { readonly state: "contradictory"; readonly lines: readonly number[] }
  | { readonly state: "invalid"; readonly line: number; readonly problem: string };

export interface Orders {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Lines that say once more what an earlier line said. */
  readonly repeats: readonly number[];
}

const AMOUNTS = ["ordered", "received", "invoiced", "tolerance"] as const;

const amountsOf = (cells: Cells) => AMOUNTS.map((column) => cells[column]);

function readOrder({ cells, line }: Row, mark: DecimalMark): Entry {
  const invalid = (problem: string): Entry => ({ state: "invalid", line, problem });
  const [ordered, received, invoiced, tolerance] = amountsOf(cells).map((text) => parseAmount(text, mark));
  if (ordered === undefined || received === undefined || invoiced === undefined || tolerance === undefined) {
    const column = AMOUNTS.find((name) => parseAmount(cells[name], mark) === undefined) ?? AMOUNTS[0];
    return invalid(`its ${column} amount is "${cells[column]}"`);
  }
  const status = STATUSES.get(cells.status.toLowerCase());
  if (status === undefined) {
    return invalid(`its status is "${cells.status}", and known are ${[...STATUSES.keys()].join(", ")}`);
  }
  const { number, supplier, currency } = cells;
  return { state: "order", order: { number, supplier, currency, ordered, received, invoiced, tolerance, status } };
}

const same = (one: Cells, other: Cells) => JSON.stringify(one) === JSON.stringify(other);

/** @throws `erp-export-amounts` */
export function readOrders({ rows }: Table): Orders {
  const mark = decimalMark(rows.flatMap(({ cells }) => amountsOf(cells)));
  const entries = new Map<string, Entry>();
  const firsts = new Map<string, Row>();
  const contradictions = new Map<string, number[]>();
  const repeats: number[] = [];
  for (const row of rows) {
    const { number } = row.cells;
    const first = firsts.get(number);
    if (first === undefined) {
      firsts.set(number, row);
      entries.set(number, readOrder(row, mark));
    } else if (same(first.cells, row.cells)) {
      repeats.push(row.line);
    } else {
      const lines = contradictions.get(number) ?? [first.line];
      lines.push(row.line);
      contradictions.set(number, lines);
      entries.set(number, { state: "contradictory", lines });
    }
  }
  return { entries, repeats };
}
