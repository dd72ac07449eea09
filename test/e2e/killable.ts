import { spawn } from "node:child_process";

/** When a process dies: so long after a line of its progress, its start being line 0. */
export interface Moment {
  readonly line: number;
  readonly milliseconds: number;
}

export interface Lived {
  readonly killed: boolean;
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
  /** In milliseconds: how long it lived, and how long of that after the first line of progress. */
  readonly lived: number;
  readonly worked: number;
  /** Of progress. */
  readonly lines: number;
}

/** Runs the command line in a process of its own; at the moment given it is killed by SIGKILL, if it still lives. */
export function holdfast(dataDir: string, args: readonly string[], moment?: Moment): Promise<Lived> {
  const start = performance.now();
  const child = spawn(process.execPath, ["bin/holdfast.mjs", "--data-dir", dataDir, ...args]);
  let out = "";
  let err = "";
  let firstLine: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const linesOf = (text: string) => text.split("\n").length - 1;
  const watch = () => {
    if (moment === undefined || timer !== undefined || linesOf(err) < moment.line) return;
    timer = setTimeout(() => child.kill("SIGKILL"), moment.milliseconds);
  };
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
    firstLine ??= performance.now();
    watch();
  });
  watch();
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const end = performance.now();
      const times = { lived: end - start, worked: end - (firstLine ?? end) };
      resolve({ killed: signal === "SIGKILL", out, err, code, ...times, lines: linesOf(err) });
    });
  });
}
