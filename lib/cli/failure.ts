import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { printable, processTerminal, type Terminal } from "./terminal.ts";

const USAGE_CLASSES: readonly string[] = [ErrorClass.InvalidInput, ErrorClass.Denied];

/** Tells of an error, as JSON where machines listen, and answers with the exit code for it. */
export function reportFailure(error: unknown, terminal: Terminal = processTerminal(), json = false): ExitCode {
  const { colors } = terminal;
  if (error instanceof HoldfastError) {
    const { name, code, message } = error;
    if (json) terminal.out(JSON.stringify({ error: { class: name, code, message } }));
    else
      terminal.err(
        `${colors.red("error")} ${printable(message)}\n      ${colors.dim(`${code}: see docs/errors/${code}.md`)}`,
      );
    return USAGE_CLASSES.includes(name) ? ExitCode.usage : ExitCode.failed;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (json) terminal.out(JSON.stringify({ error: { class: "internal", code: "internal", message } }));
  else terminal.err(`${colors.red("error")} ${printable(message)}`);
  if (process.env.HOLDFAST_DEBUG !== undefined && error instanceof Error) terminal.err(error.stack ?? "");
  return ExitCode.failed;
}

export const usageError = (code: string, message: string) => new HoldfastError(ErrorClass.InvalidInput, code, message);
