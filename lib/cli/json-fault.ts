/**
 * Where a text stops being JSON, in words that repeat nothing of it: what the parser says may be an excerpt.
 *
 * @param text which `JSON.parse` refuses.
 */
export function jsonFault(text: string): string {
  let [good, bad] = [0, text.length];
  if (isBeginning(text)) return "it ends too early";
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good).split("\n");
  return `what stands at line ${before.length}, column ${(before.at(-1) ?? "").length + 1} has no place there`;
}

/** Whether a text is JSON, or could be once it goes on. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const position = /at position (\d+)/.exec(message)?.[1];
    return /end of JSON|Unterminated string/.test(message) || Number(position) >= text.length;
  }
}
