import { createInterface } from "node:readline/promises";
import pc from "picocolors";

/** Where a command's words go. Results go to `out`; progress, notes and errors to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colours for `err` and `out`; plain text where no terminal is. */
  readonly colors: ReturnType<typeof pc.createColors>;
  /** How wide it is, in characters; undefined where no terminal is. */
  readonly columns?: number | undefined;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string>;
}

export const processTerminal = (): Terminal => ({
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  colors: pc.createColors(pc.isColorSupported && process.stdout.isTTY && process.stderr.isTTY),
  columns: process.stdout.columns,
  ...(process.stdin.isTTY && process.stdout.isTTY ? { ask } : {}),
});

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await reader.question(question)).trim();
  } finally {
    reader.close();
  }
}

/** Control characters but tabs and ends of lines. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/** Text from outside (events, documents, error messages) as it may stand on a terminal: control characters are spelt out. */
export const printable = (text: string): string =>
  text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The same in one line, however many it has. */
export const oneLine = (text: string): string => printable(text.trim().replaceAll(/\s*\n\s*/g, " "));
