import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"];

/** A Chromium of this machine: CHROME_PATH, on the path, or as Playwright keeps it. Undefined where there is none, and tests that need one are skipped. */
export function findBrowser(): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), ".cache", "ms-playwright");
  const cached = filesUnder(cache).filter((file) => /\/(chrome|headless_shell)$/.test(file));
  const found = [process.env.CHROME_PATH ?? "", ...onPath, ...cached].find(isExecutable);
  if (found === undefined)
    console.info("No Chromium is here: name one in CHROME_PATH to have the page of a trace opened.");
  return found;
}

function isExecutable(path: string): boolean {
  if (path === "") return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // It is not there, or not ours to run.
    return false;
  }
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  } catch {
    // There is no such folder.
    return [];
  }
}
