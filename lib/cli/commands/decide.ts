import { readFile } from "node:fs/promises";
import { ErrorClass, HoldfastError, type Json } from "../../contract/index.ts";
import type { LocalRunFacts } from "../../local/index.ts";
import { agentOf, runOfEscalation } from "../../runtime/index.ts";
import { loadProject } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { printReport, reportOf } from "../print-report.ts";
import { parseRaise } from "../raise.ts";
import { withPlatform } from "../with-platform.ts";

/** Gives a person's decision, by escalation or by run where only one is open, and follows the run until it ends or waits again. Exit 0: the decision counted. */
export async function decide(
  invocation: Invocation,
  target: string,
  options: {
    readonly decision: string;
    readonly as: string;
    readonly note: string;
    readonly output?: string;
    readonly raise?: string;
  },
): Promise<ExitCode> {
  const raise = options.raise === undefined ? undefined : parseRaise(options.raise);
  const output = options.output === undefined ? undefined : await readOutput(options.output);
  const runId = isRunId(target) ? target : runOfEscalation(target);
  const agents = await loadProject(invocation);
  const agent = agents.find(({ name }) => name === agentOf(runId));
  if (agent === undefined)
    throw new HoldfastError(ErrorClass.Denied, "unknown", `There is no escalation ${target.slice(0, 200)}.`);
  return withPlatform(invocation, agents, [], async (platform) => {
    await platform.resume();
    await platform.decide({
      id: isRunId(target) ? onlyEscalation(await platform.facts(runId)) : target,
      decision: options.decision,
      by: options.as,
      note: options.note,
      ...(output === undefined ? {} : { output }),
      ...(raise === undefined ? {} : { raise }),
    });
    await platform.settled(runId);
    printReport(invocation, await reportOf(platform, agent.document, runId));
    return ExitCode.ok;
  });
}

/** Run ids end in 32 hex digits, escalation ids in 8 more. */
const isRunId = (id: string) => /-[0-9a-f]{32}$/.test(id);

function onlyEscalation({ runId, escalations }: LocalRunFacts): string {
  const open = escalations.filter(({ status }) => status === "open");
  const [only] = open;
  if (only !== undefined && open.length === 1) return only.id;
  const allowed = open.map(({ id, incident }) => `${id} (${incident.step})`).join(", ");
  throw usageError(
    open.length === 0 ? "nothing-to-decide" : "several-to-decide",
    open.length === 0
      ? `Nobody is asked anything about ${runId}.`
      : `${runId} waits for several decisions. Name one: ${allowed}.`,
  );
}

async function readOutput(file: string): Promise<Json> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError("output-unreadable", `--output ${file} cannot be read as JSON: ${reason}.`);
  }
}
