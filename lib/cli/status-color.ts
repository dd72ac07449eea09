import type { RunStatus } from "../contract/index.ts";
import type { Terminal } from "./terminal.ts";

/** What a status is painted with. */
export const statusColor = (colors: Terminal["colors"], status: RunStatus) =>
  ({
    completed: colors.green,
    waiting: colors.yellow,
    running: colors.yellow,
    failed: colors.red,
    abandoned: colors.red,
  })[status];
