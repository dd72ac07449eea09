import { describe, expect, test } from "vitest";
import { decimalMark, parseAmount } from "../erp/amounts.ts";
import { readErpExport } from "../erp/index.ts";
import { permanentFailure } from "./fails.ts";
import { fixture } from "./fixtures.ts";

const HEADER = "PO Number,Supplier VAT,Currency,Ordered,Received,Invoiced,Tolerance,Status,Paid Invoices";
const ROW = "PO-1,DE1,EUR,100.00,100.00,0.00,5.00,open,A-1|A-2";
const ORDER = {
  number: "PO-1",
  supplier: "DE1",
  currency: "EUR",
  ordered: "100.00",
  received: "100.00",
  invoiced: "0.00",
  tolerance: "5.00",
  status: "open",
};
const lines = (...rows: string[]) => `${rows.join("\n")}\n`;
const read = (text: string) => readErpExport(Buffer.from(text));
const orderOf = (text: string, number = "PO-1") => read(text).orders.get(number);

describe("formats", () => {
  test("the two layouts of the same night say the same", () => {
    const [plain, renamed] = [fixture("erp/orders.csv"), fixture("erp/orders-renamed-headers.csv")].map(readErpExport);
    expect(renamed?.orders).toEqual(plain?.orders);
    expect(plain?.orders.size).toBe(13);
    expect(plain?.orders.get("PO-4507")).toMatchObject({
      state: "order",
      order: { ordered: "2504.10", currency: "CHF" },
    });
  });

  test.each([
    ["commas", lines(HEADER, ROW)],
    ["semicolons", lines(HEADER, ROW).replaceAll(",", ";")],
    ["CRLF", lines(HEADER, ROW).replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${lines(HEADER, ROW)}`],
    ["quoted cells", lines(HEADER, ROW.replace("DE1", '"DE1"').replace("100.00", '"100.00"'))],
    ["headers in another case and with spaces", lines(HEADER.toUpperCase().replaceAll(",", " , "), ROW)],
    ["columns that are not known", lines(`Buyer,${HEADER}`, `"Smith, J.",${ROW}`)],
    ["umlauts in two characters", lines(HEADER.replace("Currency", "Währung".normalize("NFD")), ROW)],
    ["empty lines", lines(HEADER, "", ROW, "")],
    ["decimal commas", lines(HEADER.replaceAll(",", ";"), ROW.replaceAll(",", ";").replaceAll(".", ","))],
  ])("%s", (_name, text) => {
    expect(orderOf(text)).toEqual({ state: "order", order: ORDER });
    expect(read(text).notes).toEqual([]);
  });

  test("quotation marks inside a cell are part of it", () => {
    const rows = lines(`${HEADER},Description`, `${ROW},Pipe 2" brass`);
    expect(orderOf(rows)).toEqual({ state: "order", order: ORDER });
  });

  test("Latin-1 is read where the bytes are not UTF-8", () => {
    const text = lines(HEADER.replace("Currency", "Währung"), ROW);
    expect(readErpExport(Buffer.from(text, "latin1")).orders).toEqual(readErpExport(Buffer.from(text)).orders);
  });
});

describe("rows that are wrong", () => {
  test("a row that repeats another is ignored, with a note", () => {
    const { orders, notes } = read(lines(HEADER, ROW, ROW));
    expect(orders.get("PO-1")?.state).toBe("order");
    expect(notes).toEqual([expect.stringMatching(/repeat an earlier one.*: line 3\.$/)]);
  });

  test("rows that contradict each other are named by their lines", () => {
    const other = ROW.replace("0.00,5.00", "50.00,5.00");
    expect(orderOf(lines(HEADER, ROW, "", other, ROW, other))).toEqual({ state: "contradictory", lines: [2, 4, 6] });
  });

  test("an order whose row is cut off is not found", () => {
    const { orders, notes } = read(`${lines(HEADER, ROW)}PO-2,DE1,EUR,100.0`);
    expect([...orders.keys()]).toEqual(["PO-1"]);
    expect(notes).toEqual([expect.stringContaining("cut off in its last row")]);
  });

  test("a last row without line end counts as cut off, even if it looks complete", () => {
    const { orders, notes } = read(`${HEADER}\n${ROW}`);
    expect(orders.size).toBe(0);
    expect(notes).toHaveLength(1);
  });

  test("an export that is cut off inside a character is still UTF-8", () => {
    const text = Buffer.from(`${lines(HEADER.replace("Currency", "Währung"), ROW)}PO-2,Ü`);
    expect(readErpExport(text.subarray(0, -1)).orders.has("PO-1")).toBe(true);
  });

  test.each([
    ["too few cells", "PO-2,DE1,EUR"],
    ["too many cells", `${ROW},more`],
    ["a quotation mark that is never closed", '"PO-2,DE1'],
  ])("a row with %s is ignored, with a note", (_name, row) => {
    const { orders, notes } = read(lines(HEADER, ROW, row));
    expect([...orders.keys()]).toEqual(["PO-1"]);
    expect(notes).toEqual([expect.stringMatching(/broken rows.*: line 3\.$/)]);
  });

  test.each([
    ["an amount that is none", ROW.replace("100.00", "a lot"), 'its ordered amount is "a lot"'],
    ["no amount", ROW.replace("5.00", ""), 'its tolerance amount is ""'],
    ["an unknown status", ROW.replace("open", "maybe"), 'its status is "maybe"'],
  ])("an order with %s is invalid, and the others are read", (_name, row, problem) => {
    const { orders } = read(lines(HEADER, row, ROW.replace("PO-1", "PO-2")));
    expect(orders.get("PO-1")).toEqual({ state: "invalid", line: 2, problem: expect.stringContaining(problem) });
    expect(orders.get("PO-2")?.state).toBe("order");
  });

  test("a note lists ten lines and counts the rest", () => {
    expect(read(lines(HEADER, ...Array.from({ length: 15 }, () => ROW))).notes).toEqual([
      expect.stringMatching(/line 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 4 more\.$/),
    ]);
  });
});

describe("exports that are refused", () => {
  test.each([
    ["other headers", lines(HEADER.replace("Tolerance", "Slack"), ROW), /none means Tolerance/],
    ["a header twice", lines(`${HEADER},Status`, `${ROW},open`), /more than one means Status/],
    ["two names of one column", lines(`${HEADER},Curr.`, `${ROW},EUR`), /more than one means Currency/],
    ["no headers", lines(ROW), /none means PO Number/],
    ["only a header that is cut off", HEADER.slice(0, -5), /\(none\)/],
    ["nothing", "", /\(none\)/],
    ["a header that never closes its quotation mark", lines(`"${HEADER}`, ROW), /none means PO Number/],
  ])("%s", async (_name, text, problem) => {
    const message = await permanentFailure("erp-export-headers", () => read(text));
    expect(message).toMatch(problem);
    expect(message).toContain('"PO Number" or "Purchase Order" or "Bestellnummer"');
    expect(message).toContain("erp/columns.ts");
  });

  test.each([
    ["NUL bytes", lines(HEADER, ROW.replace("DE1", "DE\0"))],
    ["UTF-16", Buffer.from(lines(HEADER, ROW), "utf16le").toString("latin1")],
    ["a first line of megabytes", `${"a,".repeat(1_000_000)}\n`],
    ["thousands of broken rows", lines(HEADER, ...Array.from({ length: 5_000 }, () => "PO-1"))],
  ])("%s", async (_name, text) => {
    await permanentFailure("erp-export-unreadable", () => readErpExport(Buffer.from(text, "latin1")));
  });

  test("amounts in both notations", async () => {
    const mixed = lines(HEADER, ROW, ROW.replace("PO-1", "PO-2").replace("5.00", '"5,00"'));
    expect(await permanentFailure("erp-export-amounts", () => read(mixed))).toContain('"5,00" and "100.00"');
  });
});

describe("amounts", () => {
  test.each([
    ["1.234,50", ",", "1234.50"],
    ["1.234.567,89", ",", "1234567.89"],
    ["12,5-", ",", "-12.50"],
    ["-3", ",", "-3.00"],
    ["1.250", ",", "1250.00"],
    ["1 234,50", ",", "1234.50"],
    ["1,234.50", ".", "1234.50"],
    ["1'234.50", ".", "1234.50"],
    ["-0.00", ".", "0.00"],
    ["1.250", ".", undefined],
    ["12.34.567,00", ",", undefined],
    ["1,5,0", ",", undefined],
    ["-3-", ".", undefined],
    ["1e3", ".", undefined],
    ["EUR 5", ".", undefined],
    ["", ".", undefined],
    ["9".repeat(100_000), ".", undefined],
    ["1,000,000,000,000,000,000.00", ".", undefined],
  ] as const)("%s with decimal mark %s is %s", (text, mark, amount) => {
    expect(parseAmount(text, mark)).toBe(amount);
  });

  test.each([
    [["1.250", "3,50"], ","],
    [["1,250", "3.5"], "."],
    [["1.234.567"], ","],
    [["100", "5"], "."],
    [["n/a", "3,50"], ","],
    [[], "."],
  ] as const)("%j has decimal mark %s", (amounts, mark) => {
    expect(decimalMark(amounts)).toBe(mark);
  });

  test.each([[["1.250"]], [["1,250", "100"]], [["3.50", "3,50"]]])(
    "%j leaves the decimal mark open",
    async (amounts) => {
      await permanentFailure("erp-export-amounts", () => decimalMark(amounts));
    },
  );
});

describe("paid invoices", () => {
  test("are known by supplier and number, however these are written", () => {
    const { isPaid } = read(lines(HEADER, ROW));
    expect(isPaid("DE1", "A-2")).toBe(true);
    expect(isPaid("de 1", " a-1 ")).toBe(true);
    expect(isPaid("DE2", "A-1")).toBe(false);
    expect(isPaid("DE1", "A-3")).toBe(false);
  });

  test("count from rows that contradict each other too", () => {
    expect(read(lines(HEADER, ROW, ROW.replace("A-1", "A-9"))).isPaid("DE1", "A-9")).toBe(true);
  });
});
