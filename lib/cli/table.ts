import { padded, textWidth } from "./text-width.ts";

const GAP = "  ";

/** Columns of text, aligned, without lines. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [...(head.length === 0 ? [] : [head]), ...rows.map((row) => row.map(String))];
  const widths: number[] = [];
  for (const cells of lines) {
    for (const [column, cell] of cells.entries()) widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
  }
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}
