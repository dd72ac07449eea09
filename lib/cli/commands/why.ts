import { allSteps } from "../../definition/index.ts";
import { errorPage } from "../error-page.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { printWhy } from "../print-why.ts";
import { whyOf } from "../report/why/why.ts";
import { type SourceOptions, withRun } from "../with-run.ts";

/** Says why a run, or one step of it, stands where it stands, and what can be done. */
export async function why(
  invocation: Invocation,
  id: string,
  { step, stack }: SourceOptions & { readonly step?: string },
): Promise<ExitCode> {
  const { terminal, json } = invocation;
  return withRun(invocation, id, { stack }, async (source, { document }, runId) => {
    requireStep(
      step,
      [...allSteps(document.steps)].map(({ name }) => name),
    );
    const found = whyOf(await source.facts(runId), document, { step, stack, isElsewhere: source.isElsewhere });
    const { cause } = found;
    const page = cause === null ? null : errorPage(cause.code);
    terminal.out(json ? JSON.stringify({ ...found, page }) : printWhy(terminal, found, source.now()));
    return ExitCode.ok;
  });
}

function requireStep(step: string | undefined, allowed: readonly string[]): void {
  if (step === undefined || allowed.includes(step)) return;
  throw usageError(
    "unknown-step",
    `There is no step ${JSON.stringify(step.slice(0, 80))}. Allowed: ${allowed.join(", ")}.`,
  );
}
