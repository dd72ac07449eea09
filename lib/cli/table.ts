import Table from "cli-table3";

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
} as const;

/** Columns of text, aligned, without lines. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const drawn = new Table({ head: [...head], chars: NO_LINES, style });
  drawn.push(...rows.map((row) => row.map(String)));
  return drawn.toString().replaceAll(/ +$/gm, "");
}
