import { readFile } from "node:fs/promises";
import { ErrorClass, HoldfastError, type Json, parseJson } from "../../contract/index.ts";
import type { LoadedAgent } from "../../definition/index.ts";
import { agentOf, type Decision, type Escalation, packetMarkdown, runOfEscalation } from "../../runtime/index.ts";
import { loadProject } from "../agents.ts";
import { type Desk, groupDigest, isGroupId, onlyEscalation, readGroup } from "../desk.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { jsonFault } from "../json-fault.ts";
import { printReport, reportOf } from "../print-report.ts";
import { parseRaise } from "../raise.ts";
import { isRunId } from "../run-id.ts";
import { printable } from "../terminal.ts";
import { withDesk } from "../with-desk.ts";

export interface DecideOptions {
  readonly decision?: string;
  readonly as?: string;
  readonly group?: readonly string[];
  readonly note?: string;
  readonly seen?: string;
  readonly output?: string;
  readonly raise?: string;
  readonly stack?: string;
}

/**
 * Gives a person's decision: by escalation, by run where only one is open, or by group. On this machine the run is
 * followed until it ends or waits again. Exit 0: every decision counted.
 */
export async function decide(invocation: Invocation, target: string, options: DecideOptions): Promise<ExitCode> {
  const extras = await extrasOf(options);
  const agents = await loadProject(invocation);
  return withDesk(invocation, agents, { ...options, takesUp: true }, async (desk) => {
    if (isGroupId(target)) return decideGroup(invocation, desk, agents, target, { ...options, extras });
    const id = isRunId(target) ? await onlyEscalation(desk, agents, target) : target;
    const { escalation, packet } = await desk.read(id);
    const digest = options.seen ?? escalation.digest;
    const given =
      options.decision ?? (await choose(invocation, packetMarkdown(packet, escalation), escalation, extras));
    const note = options.note ?? (options.decision === undefined ? await invocation.terminal.ask?.("Why? ") : "");
    const decided = await desk.decide({ id, decision: given, digest, note: note ?? "", ...extras });
    await tell(invocation, desk, agents, decided);
    return ExitCode.ok;
  });
}

type Extras = Pick<Decision, "output" | "raise">;

async function extrasOf({ output, raise }: DecideOptions): Promise<Extras> {
  return {
    ...(output === undefined ? {} : { output: await readOutput(output) }),
    ...(raise === undefined ? {} : { raise: parseRaise(raise) }),
  };
}

/** Decides each of a group as it stands; one that fails keeps no other back. Exit 1: some could not be decided. */
async function decideGroup(
  { terminal, json }: Invocation,
  desk: Desk,
  agents: readonly LoadedAgent[],
  group: string,
  { decision, note = "", seen, extras }: DecideOptions & { readonly extras: Extras },
): Promise<ExitCode> {
  const like = await readGroup(desk, agents, group);
  if (decision === undefined) throw usageError("decision-missing", "A group is decided with --decision.");
  requireSeen(group, decision, seen, groupDigest(like));
  const outcomes: Outcome[] = [];
  for (const { escalation } of like) {
    const { id, digest } = escalation;
    const outcome = await desk
      .decide({ id, decision, digest, note, ...extras })
      .then(({ status }) => ({ id, accepted: true, status, code: null, message: null }))
      .catch((error: unknown) => ({ id, accepted: false, status: null, ...reasonOf(error) }));
    outcomes.push(outcome);
  }
  for (const { escalation } of like) await desk.local?.settled(escalation.runId);
  if (json) terminal.out(JSON.stringify({ group, decisions: outcomes }));
  else {
    const lines = outcomes.map(({ id, status, code, message }) => `${id}  ${status ?? `${code}: ${message}`}`);
    terminal.out(printable(lines.join("\n")));
  }
  if (outcomes.every(({ accepted }) => accepted)) return ExitCode.ok;
  return outcomes.some(({ accepted }) => accepted) ? ExitCode.failed : ExitCode.usage;
}

interface Outcome {
  readonly id: string;
  readonly accepted: boolean;
  readonly status: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** Nobody lets a group through that has grown since it was looked at. */
function requireSeen(group: string, decision: string, seen: string | undefined, digest: string): void {
  if (OBJECTIONS.includes(decision) || seen === digest) return;
  const how = `Look at it with npx holdfast escalation ${group}, and say --seen with the digest that it ends with.`;
  if (seen === undefined)
    throw usageError("seen-missing", `What is let through as a group must have been seen. ${how}`);
  throw new HoldfastError(ErrorClass.Denied, "changed", `The group is not what it was. ${how}`);
}

/** Decisions that let nothing through. */
const OBJECTIONS = ["reject", "abort"];

const reasonOf = (error: unknown) =>
  error instanceof HoldfastError
    ? { code: error.code, message: error.message }
    : { code: "internal", message: error instanceof Error ? error.message : String(error) };

/** Asks whoever sits at the terminal; what takes more than a word is said by options. */
async function choose(
  { terminal }: Invocation,
  packet: string,
  { incident }: Escalation,
  extras: Extras,
): Promise<string> {
  const needs: Readonly<Record<string, keyof Extras>> = { override: "output", raise: "raise" };
  const sayable = incident.decisions.filter((decision) => {
    const more = needs[decision];
    return more === undefined || extras[more] !== undefined;
  });
  const allowed = sayable.join(", ");
  if (terminal.ask === undefined) throw usageError("decision-missing", `Say --decision. Allowed: ${allowed}.`);
  terminal.out(packet);
  return terminal.ask(`\nDecision (${allowed}): `);
}

async function tell(
  invocation: Invocation,
  { local }: Desk,
  agents: readonly LoadedAgent[],
  decided: Escalation,
): Promise<void> {
  const { terminal, json } = invocation;
  const runId = runOfEscalation(decided.id);
  const agent = agents.find(({ name }) => name === agentOf(runId));
  if (local !== undefined && agent !== undefined) {
    await local.settled(runId);
    printReport(invocation, await reportOf(local, agent.document, runId), local);
  } else if (json) terminal.out(JSON.stringify({ escalation: decided }));
  else terminal.out(`${decided.id} ${decided.status}: ${decided.votes.length} of ${decided.approvals}`);
}

async function readOutput(file: string): Promise<Json> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw usageError("output-unreadable", `--output ${file} cannot be read: ${error.message}.`);
  });
  const output = parseJson(text);
  if (output !== undefined) return output;
  throw usageError("output-unreadable", `--output ${file} is not JSON: ${jsonFault(text)}.`);
}
