import type { Json } from "../../contract/index.ts";
import { digestOf } from "../../definition/index.ts";
import { REDACTED } from "./secret-text.ts";

const SHORTEST_TEXT = 4;
/** A shorter text is looked for as a whole only, and no more texts than so many are looked for within others. */
const SHORTEST_PART = 8;
const MOST_PARTS = 1_000;
const DEEPEST = 100;

/** Values that are hidden where they were found, and so are hidden wherever else they come up, with all that they hold. */
export class KnownValues {
  readonly #digests = new Set<string>();
  readonly #parts: readonly string[];

  /** @param shortestNumber in digits: shorter ones come up by chance. @default no number is looked for by itself */
  constructor(
    hidden: readonly Json[],
    private readonly shortestNumber = Number.POSITIVE_INFINITY,
  ) {
    const texts = new Set<string>();
    for (const value of hidden) this.#add(value, texts, 0);
    this.#parts = [...texts].sort((a, b) => b.length - a.length).slice(0, MOST_PARTS);
  }

  has(value: Json): boolean {
    return this.#digests.size > 0 && this.#isTelling(value) && this.#digests.has(digestOf(value));
  }

  /** A text without those that it contains. */
  without(text: string): string {
    return this.#parts.reduce((left, part) => left.replaceAll(part, REDACTED), text);
  }

  #add(value: Json, texts: Set<string>, depth: number): void {
    if (depth > DEEPEST || !this.#isTelling(value)) return;
    this.#digests.add(digestOf(value));
    if (typeof value === "string" && value.length >= SHORTEST_PART) texts.add(value);
    if (typeof value !== "object" || value === null) return;
    for (const item of Object.values(value)) this.#add(item, texts, depth + 1);
  }

  #isTelling(value: Json): boolean {
    if (typeof value === "string") return value.length >= SHORTEST_TEXT;
    if (typeof value === "number") return String(value).length >= this.shortestNumber;
    return typeof value === "object" && value !== null && Object.keys(value).length > 0;
  }
}
