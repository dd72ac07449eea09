import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/**
 * Compares a text with the file that keeps what it should be. `HOLDFAST_UPDATE_GOLDEN=1 npx vitest run <test>` writes the
 * file anew; read the difference before committing it.
 */
export function expectGolden(file: URL, text: string): void {
  if (process.env.HOLDFAST_UPDATE_GOLDEN === "1") writeFileSync(file, text);
  expect(text, `${file.pathname}: if the change is meant, update it with HOLDFAST_UPDATE_GOLDEN=1`).toBe(
    readFileSync(file, "utf8"),
  );
}
