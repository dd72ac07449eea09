import type { Terminal } from "./terminal.ts";

/** What every command is called with. */
export interface Invocation {
  readonly terminal: Terminal;
  /** The project's folder. */
  readonly root: string;
  /** Absolute; nothing is written outside it. */
  readonly dataDir: string;
  readonly json: boolean;
}
