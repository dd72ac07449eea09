import type { Json } from "../../contract/index.ts";

/** Control characters, and those that are not seen or change the order in which others are. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\p{Variation_Selector}]/gu;
const PUNCTUATION = /[\\`*_[\]|~]/g;
/** What makes a block of a line that begins with it. */
const BLOCK = /^(?:[#+=-]|(\d{1,9})(?=[.)]))/;
/** Pretty JSON that is so many times as long as without spaces is deep and not easier to read. */
const MOST_SPACE = 4;

/** Text within a line of Markdown: shown as it is, whatever it holds. */
export function inline(text: string): string {
  return text
    .trim()
    .replaceAll(/\r?\n/g, " ⏎ ")
    .replaceAll(UNSEEN, spelledOut)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(PUNCTUATION, "\\$&")
    .replace(BLOCK, (start, number) => (number === undefined ? `\\${start}` : `${number}\\`))
    .replaceAll(/:(?=\/\/)|@/g, "\\$&")
    .replaceAll(/www\./gi, (found) => `${found.slice(0, 3)}\\.`);
}

/** A name in a line of Markdown, as code. */
export function code(text: string): string {
  const shown = text.replaceAll(UNSEEN, spelledOut);
  const fence = "`".repeat(longestRun(shown) + 1);
  return /^[` ]|[` ]$|^$/.test(shown) ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** Lines of text as a block of code. */
export const block = (text: string): string =>
  fenced(
    "text",
    text.replaceAll("\r\n", "\n").replaceAll(UNSEEN, (found) => (/[\n\t]/.test(found) ? found : spelledOut(found))),
  );

/** A value as a block of JSON; it reads back as the same value. */
export function jsonBlock(value: Json): string {
  const short = JSON.stringify(value);
  const pretty = JSON.stringify(value, null, 2);
  const text = pretty.length > short.length * MOST_SPACE + 200 ? short : pretty;
  const escaped = text.replaceAll(UNSEEN, (found) =>
    found === "\n" ? found : [...Array(found.length).keys()].map((at) => `\\u${hex(found.charCodeAt(at))}`).join(""),
  );
  return fenced("json", escaped);
}

function fenced(language: string, text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

const longestRun = (text: string) => (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
const spelledOut = (character: string) => `⟨U+${hex(character.codePointAt(0) ?? 0).toUpperCase()}⟩`;
const hex = (code: number) => code.toString(16).padStart(4, "0");
