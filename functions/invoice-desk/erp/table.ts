import { parse } from "csv-parse/sync";
import { COLUMN_NAMES, COLUMNS, type Column } from "./columns.ts";
import { unreadable, wrongHeaders } from "./problems.ts";

export type Cells = Readonly<Record<Column, string>>;

export interface Row {
  /** The line of the export on which the row ends. */
  readonly line: number;
  readonly cells: Cells;
}

export interface Table {
  readonly rows: readonly Row[];
  /** Where rows end that have too few or too many cells, or a quotation mark that is never closed. */
  readonly broken: readonly number[];
}

const MAX_HEADER = 10_000;
const MAX_BROKEN = 1_000;

const normal = (header: string) => header.normalize("NFC").trim().toLowerCase();

/** The column behind each header; headers that stand for none are passed over. */
function bindHeaders(headers: readonly string[]): (Column | false)[] {
  const bound = headers.map(
    (header) => COLUMN_NAMES.find((column) => COLUMNS[column].some((name) => normal(name) === normal(header))) ?? false,
  );
  for (const column of COLUMN_NAMES) {
    const count = bound.filter((one) => one === column).length;
    if (count !== 1)
      throw wrongHeaders(headers, `${count === 0 ? "none" : "more than one"} means ${COLUMNS[column][0]}`);
  }
  return bound;
}

/** @throws `erp-export-headers`, `erp-export-unreadable` */
export function readTable(text: string): Table {
  const rows: Row[] = [];
  const broken: number[] = [];
  const [headerLine = ""] = text.split("\n", 1);
  if (headerLine.length > MAX_HEADER) throw unreadable(`has a first line of more than ${MAX_HEADER} characters`);
  const format = {
    delimiter: headerLine.includes(";") ? ";" : ",",
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
  };
  const [headers = []] = parse(headerLine, format);
  parse<Cells>(text, {
    ...format,
    from_line: 2,
    columns: bindHeaders(headers),
    on_record: (cells, { lines }) => {
      rows.push({ line: lines, cells });
      return null;
    },
    on_skip: (error) => {
      if (broken.push(Number(error?.lines)) > MAX_BROKEN) throw unreadable(`has more than ${MAX_BROKEN} broken rows`);
      return undefined;
    },
  });
  return { rows, broken };
}
