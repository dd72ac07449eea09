import { writeFile } from "node:fs/promises";
import { agentOf } from "../../runtime/index.ts";
import { findAgent } from "../agent-names.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { printTrace } from "../print-trace.ts";
import { waterfall } from "../report/waterfall.ts";
import { requireRunId } from "../run-id.ts";
import { type SourceOptions, withSource } from "../with-run.ts";

export interface TraceOptions extends SourceOptions {
  /** A file, or `-` for standard output. */
  readonly html?: string;
}

/** Draws the trace of a run: on the terminal, as JSON, or as a page of its own. */
export async function trace(invocation: Invocation, id: string, options: TraceOptions): Promise<ExitCode> {
  const { terminal, json } = invocation;
  if (json && options.html === "-") {
    throw usageError(
      "page-with-json",
      "--html - and --json would both write to standard output. Leave one of them out.",
    );
  }
  const runId = requireRunId(id);
  await findAgent(invocation.root, agentOf(runId));
  return withSource(invocation, [], options, async (source) => {
    const drawn = waterfall(runId, await source.segments(runId), source.now());
    if (options.html !== undefined) {
      const { tracePage } = await import("../report/trace-page.ts");
      const page = tracePage(drawn);
      if (options.html === "-") terminal.out(page.trimEnd());
      else await write(options.html, page);
    }
    if (json) terminal.out(JSON.stringify(drawn));
    else if (options.html === undefined) terminal.out(printTrace(terminal, drawn));
    return ExitCode.ok;
  });
}

async function write(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError("page-unwritable", `The page cannot be written to ${file}: ${reason}. Name another file.`);
  }
}
