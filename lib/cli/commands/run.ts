import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Json, parseJson } from "../../contract/index.ts";
import { type AgentDocument, allSteps, isWork } from "../../definition/index.ts";
import { type Fault, parseFault } from "../../local/index.ts";
import { loadAgent, loadProject } from "../agents.ts";
import type { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { jsonFault } from "../json-fault.ts";
import { printReport, reportOf, statusExitCode } from "../print-report.ts";
import { withPlatform } from "../with-platform.ts";

/** EventBridge takes events of up to 256 KB, and so does an execution. */
const MAX_EVENT_BYTES = 256 * 1024;

/** Starts the run of an event and follows it until it ends or waits for people. An event that was run before starts nothing. */
export async function run(
  invocation: Invocation,
  name: string,
  options: { readonly event: string; readonly fault: readonly string[] },
): Promise<ExitCode> {
  const faults = options.fault.map(parseFault);
  const { document } = await loadAgent(invocation.root, name);
  requireSteps(document, faults);
  const file = resolve(options.event);
  const event = await readEvent(file);
  const agents = await loadProject(invocation);
  return withPlatform(invocation, agents, faults, async (platform) => {
    await platform.resume();
    const { runId, isNew } = await platform.start(document.name, event, pathToFileURL(file).href);
    if (!isNew) invocation.terminal.err(`This event was run before, as ${runId}; nothing new is started.`);
    await platform.settled(runId);
    const report = await reportOf(platform, document, runId);
    printReport(invocation, report, platform);
    return statusExitCode(report.status);
  });
}

function requireSteps({ name, steps }: AgentDocument, faults: readonly Fault[]): void {
  const allowed = [...allSteps(steps)].filter(isWork).map((step) => step.name);
  const unknown = faults.find(({ step }) => !allowed.includes(step));
  if (unknown === undefined) return;
  throw usageError(
    "fault-invalid",
    `${name} has no step ${unknown.step} that --fault can strike. Allowed: ${allowed.join(", ") || "nothing"}.`,
  );
}

async function readEvent(file: string): Promise<Json> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined || !info.isFile()) {
    throw usageError(
      "event-file-missing",
      `There is no event file ${file}. Give the path of a JSON file with an EventBridge event.`,
    );
  }
  if (info.size > MAX_EVENT_BYTES) {
    throw usageError(
      "event-too-large",
      `${file} has ${info.size} bytes; an event has at most ${MAX_EVENT_BYTES}. Put large data into an object and name its URI.`,
    );
  }
  const text = await readFile(file, "utf8");
  const event = parseJson(text);
  if (event === undefined) throw usageError("event-not-json", `${file} is not JSON: ${jsonFault(text)}.`);
  return event;
}
