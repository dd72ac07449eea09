import { stripVTControlCharacters } from "node:util";

const NOT_PLAIN = /[^ -~]/;
const NO_WIDTH = /[\p{M}\p{Cf}]/gu;
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/gu;

/** How many columns of a terminal a text takes; colours take none. */
export function textWidth(text: string): number {
  if (!NOT_PLAIN.test(text)) return text.length;
  const shown = stripVTControlCharacters(text).replace(NO_WIDTH, "");
  return [...shown].length + (shown.match(WIDE)?.length ?? 0);
}

/** @param text without colours. @returns so much of it as has room, with an ellipsis where that is not all. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let shown = "";
  for (const character of text) {
    if (textWidth(shown + character) >= columns) break;
    shown += character;
  }
  return `${shown}…`;
}

export const padded = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - textWidth(text)));

/** Lines of at most so many columns, broken between words; a word that is longer stays whole, so that it can be copied. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
