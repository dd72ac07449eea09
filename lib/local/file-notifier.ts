import { appendFile } from "node:fs/promises";
import type { Notifier } from "../ports/index.ts";

/** Announces escalations as lines of JSON in a file. */
export const fileNotifier = (file: string): Notifier => ({
  escalationOpened: (notice) => appendFile(file, `${JSON.stringify(notice)}\n`),
});
