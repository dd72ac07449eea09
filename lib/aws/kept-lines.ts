const MOST_CHARACTERS = 20_000;

/** Lines of debugging that are kept back until an error asks for them: the last of them, as far as there is room. */
export class KeptLines {
  #lines: string[] = [];
  #characters = 0;
  #dropped = 0;

  keep(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#characters > MOST_CHARACTERS && this.#lines.length > 1) {
      this.#characters -= this.#lines.shift()?.length ?? 0;
      this.#dropped += 1;
    }
  }

  /** All that is kept, once, and how many lines before it had no room. */
  take(): { readonly lines: readonly string[]; readonly dropped: number } {
    const taken = { lines: this.#lines, dropped: this.#dropped };
    this.#lines = [];
    this.#characters = 0;
    this.#dropped = 0;
    return taken;
  }
}
