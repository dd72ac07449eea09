import languageService from "amazon-states-language-service";
import aslValidator from "asl-validator";

const service = languageService.getLanguageService({});

/** What `asl-validator` says against a machine. It writes into what it is given, hence the copy. */
export const byAslValidator = (machine: unknown): string[] =>
  aslValidator(withoutItsBlindSpots(machine)).errors.map((error) => JSON.stringify(error));

/**
 * A copy with a plain word for literals that are JSON like any other to the States Language, but not to `asl-validator`
 * 4.0.0, whose patterns know no empty text, no text of several lines and no list directly in a list.
 */
function withoutItsBlindSpots(part: unknown, inList = false): unknown {
  if (typeof part === "string") return part.startsWith("{%") || /^.+$/.test(part) ? part : "word";
  if (Array.isArray(part)) return inList ? "list" : part.map((item) => withoutItsBlindSpots(item, true));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withoutItsBlindSpots(value)]));
}

/** What AWS's own language service says against a machine. */
export async function byLanguageService(machine: unknown): Promise<string[]> {
  const text = JSON.stringify(machine, null, 2);
  const document = languageService.TextDocument.create("file:///machine.asl.json", "asl", 1, text);
  const diagnostics = await service.doValidation(document, service.parseJSONDocument(document));
  return diagnostics.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
}
