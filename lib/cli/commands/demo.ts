import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { JsonObject } from "../../contract/index.ts";
import { loadAgent } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { reportOf } from "../print-report.ts";
import type { RunReport } from "../report/run-report.ts";
import { table } from "../table.ts";
import { withLocalDesk } from "../with-local-desk.ts";

const AGENT = "invoice-desk";

/** One story of the demonstration: an event, what breaks on the way, and how the first process ends. */
interface Story {
  readonly title: string;
  readonly event: string;
  readonly faults: readonly string[];
}

const STORIES: readonly Story[] = [
  { title: "straight through", event: "clean", faults: [] },
  { title: "retried after a fault", event: "several-tax-rates", faults: ["match:transient"] },
  { title: "killed and resumed", event: "tolerable", faults: ["propose-payment:kill-after"] },
  { title: "waiting for a person", event: "mismatch", faults: [] },
];

/** Runs the example agent over its fixtures in four ways, each in a process of its own, and says what came of it. */
export async function demo(invocation: Invocation): Promise<ExitCode> {
  const { terminal, root } = invocation;
  const { colors } = terminal;
  const dataDir = join(invocation.dataDir, "demo");
  await rm(dataDir, { recursive: true, force: true });
  const runIds: string[] = [];
  for (const { title, event, faults } of STORIES) {
    terminal.out(`\n${colors.bold(title)}`);
    const file = await prepareEvent(root, dataDir, event);
    let ended = await holdfast(invocation, dataDir, [
      "run",
      AGENT,
      "--event",
      file,
      ...faults.flatMap((fault) => ["--fault", fault]),
    ]);
    if (ended.signal !== null) {
      terminal.out(`  ${colors.red("✗")} the process was killed (${ended.signal}); a new one resumes`);
      ended = await holdfast(invocation, dataDir, ["resume"]);
    }
    runIds.push(runIdIn(ended.out));
  }
  const agent = await loadAgent(root, AGENT);
  const reports = await withLocalDesk({ ...invocation, dataDir }, [agent], { takesUp: false }, (desk) =>
    Promise.all(runIds.map((runId) => reportOf(desk, agent.document, runId))),
  );
  const rows = reports.map(({ status, steps, usage }, index) => {
    const attempts = steps.reduce((sum, step) => sum + step.attempts, 0);
    return [STORIES[index]?.title ?? "", status, steps.length, attempts, usage.transitions, usage.storeWrites];
  });
  terminal.out(`\n${table(["run", "status", "steps", "attempts", "transitions", "store writes"], rows)}\n`);
  const waiting = reports.find(({ status }) => status === "waiting");
  terminal.out(nextSteps(relative(process.cwd(), dataDir) || dataDir, waiting));
  return ExitCode.ok;
}

/** What a command says of a run begins with its id. */
const runIdIn = (out: string) => /\S+/.exec(out)?.[0] ?? "";

/** A fixture's event with absolute URIs, and payments that go to a folder of the demonstration's own. */
async function prepareEvent(root: string, dataDir: string, name: string): Promise<string> {
  const fixture = join(root, "functions", AGENT, "fixtures", "events", `${name}.json`);
  const base = pathToFileURL(fixture).href;
  const event = JSON.parse(await readFile(fixture, "utf8")) as JsonObject & { detail: Record<string, string> };
  const absolute = (uri: string | undefined) => new URL(uri ?? "", base).href;
  const detail = {
    ...event.detail,
    document: absolute(event.detail.document),
    erpExport: absolute(event.detail.erpExport),
    payments: pathToFileURL(join(dataDir, "payments")).href,
  };
  const file = join(dataDir, "events", `${name}.json`);
  await mkdir(join(dataDir, "events"), { recursive: true });
  await writeFile(file, JSON.stringify({ ...event, detail }, null, 2));
  return file;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

/** Runs this command line in a process of its own; what it says is passed on. */
function holdfast({ terminal, root }: Invocation, dataDir: string, args: readonly string[]): Promise<Ended> {
  const [script = ""] = process.argv.slice(1);
  const child = spawn(process.execPath, [script, "--root", root, "--data-dir", dataDir, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    terminal.err(chunk.toString().trimEnd());
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out }));
  });
}

function nextSteps(dataDir: string, waiting: RunReport | undefined): string {
  const [escalation] = waiting?.escalations ?? [];
  return [
    "Try next:",
    ...(escalation === undefined
      ? []
      : [`  npx holdfast --data-dir ${dataDir} decide ${escalation.id} --decision approve --as you@example.com`]),
    `  npx holdfast --data-dir ${dataDir} runs`,
    `  npx holdfast graph ${AGENT}`,
    `  npx holdfast compile ${AGENT}`,
    "  npx cdk synth",
  ].join("\n");
}
