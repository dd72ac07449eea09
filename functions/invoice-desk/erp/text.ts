import { unreadable } from "./problems.ts";

const LINE_FEED = 0x0a;

export interface ExportText {
  /** All complete lines. */
  readonly text: string;
  /** Whether the export stops in the middle of a line, as it does when the ERP's disk is full. */
  readonly truncated: boolean;
}

/**
 * The text of an export in UTF-8, with or without byte order mark, or in Latin-1 as Windows has it.
 *
 * A last line without line end is left out even if it looks complete: "1250" may have been "12500.00".
 * It is cut before decoding, since half a character at the end would make UTF-8 look like Latin-1.
 *
 * @throws `erp-export-unreadable`
 */
export function readText(bytes: Uint8Array): ExportText {
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  const complete = bytes.subarray(0, end);
  if (complete.includes(0)) throw unreadable("has NUL bytes, so it is not text");
  return { text: decode(complete), truncated: end < bytes.length };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
