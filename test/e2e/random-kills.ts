import { seededChance } from "../../lib/local/index.ts";
import { runIdOf } from "../../lib/runtime/identity.ts";
import { commandLine } from "../cli/command-line.ts";
import { holdfast, type Lived, type Moment } from "./killable.ts";

/** A fixture, what people decide about it, and how its run then ends. */
interface Story {
  readonly fixture: string;
  readonly decision?: "approve" | "reject";
  readonly status: "completed" | "abandoned";
  readonly payments: number;
}

const STORIES: readonly Story[] = [
  { fixture: "clean", status: "completed", payments: 1 },
  { fixture: "tolerable", status: "completed", payments: 1 },
  { fixture: "mismatch", decision: "approve", status: "completed", payments: 1 },
  { fixture: "mismatch", decision: "reject", status: "abandoned", payments: 0 },
];

/** Of the processes that may be killed. */
const KILLED_SHARE = 0.9;
/** Of the kills, at a time; the others come after a line of progress. */
const BY_TIME = 0.4;
/** How often a command may come to its end without the run getting on, before that counts as stuck. */
const PATIENCE = 2;

export interface KillReport {
  kills: number;
  runs: number;
  byTime: number;
  byProgress: number;
  /** After the process had told of its run, so that something had been done. */
  atWork: number;
  /** Whatever did not end as it should. */
  readonly wrong: string[];
}

/**
 * Lives through stories of invoice-desk in processes that are killed at random moments, two at a time in folders of their
 * own, until there have been so many kills. The first process of each kind is left alone, and measured.
 */
export async function killAtRandom(kills: number, seed: string): Promise<KillReport> {
  const report: KillReport = { kills: 0, runs: 0, byTime: 0, byProgress: 0, atWork: 0, wrong: [] };
  const measured = new Map<string, Lived>();
  await Promise.all([1, 2].map((worker) => work(`${seed}-${worker}`, kills, report, measured)));
  return report;
}

async function work(seed: string, kills: number, report: KillReport, measured: Map<string, Lived>): Promise<void> {
  const { random } = seededChance(seed);
  const cli = await commandLine();
  const stories = new Map<string, Story & { readonly invoiceId: string }>();

  /** The moment at which a process of a kind dies, if it is to die. */
  const momentOf = (kind: string): Moment | undefined => {
    const usual = measured.get(kind);
    if (usual === undefined || report.kills >= kills || random() >= KILLED_SHARE) return undefined;
    if (random() < BY_TIME) return { line: 0, milliseconds: random() * usual.lived };
    return { line: 1 + Math.floor(random() * usual.lines), milliseconds: (random() * usual.worked) / usual.lines };
  };

  const inProcess = async (kind: string, args: readonly string[]): Promise<Lived> => {
    const moment = momentOf(kind);
    const lived = await holdfast(cli.dataDir, args, moment);
    if (moment === undefined && !measured.has(kind)) measured.set(kind, lived);
    if (lived.killed) {
      report.kills += 1;
      report[moment?.line === 0 ? "byTime" : "byProgress"] += 1;
      if (lived.lines > 0) report.atWork += 1;
    }
    return lived;
  };

  const statusOf = async (runId: string): Promise<unknown> => {
    const { out } = await cli.holdfast("show", runId, "--json");
    return JSON.parse(out || "{}").status;
  };

  /** Repeats a command, or resumes, until a process has come to its end and the run is where it should be. */
  const persist = async (runId: string, kind: string, command: readonly string[], wanted: string): Promise<void> => {
    const resume = ["resume"];
    const ended: string[] = [];
    let next = command;
    for (let left = PATIENCE; left > 0; ) {
      const { killed, code, err } = await inProcess(kind, next);
      if (killed) {
        next = random() < 0.5 ? command : resume;
        continue;
      }
      if ((await statusOf(runId)) === wanted) return;
      ended.push(`"${next.join(" ")}" ended with ${code}: ${err.trim()}`);
      if (next === command) left -= 1;
      next = next === command ? resume : command;
    }
    report.wrong.push(`${runId} is stuck. ${ended.join("; ")}`);
  };

  const live = async (story: Story, invoiceId: string) => {
    const { fixture, decision, status } = story;
    const runId = runIdOf("invoice-desk", "erp.invoices", "InvoiceReceived", JSON.stringify(invoiceId));
    stories.set(runId, { ...story, invoiceId });
    const run = ["run", "invoice-desk", "--event", await cli.event(fixture, { invoiceId })];
    await persist(runId, fixture, run, decision === undefined ? status : "waiting");
    if (decision === undefined) return;
    await persist(runId, decision, ["decide", runId, "--decision", decision, "--as", "ann"], status);
  };

  for (let count = 1; report.kills < kills; count += 1) {
    const story = STORIES[Math.floor(random() * STORIES.length)];
    if (story !== undefined) await live(story, `KILLED-${count}`);
  }
  await holdfast(cli.dataDir, ["resume"]);
  report.runs += stories.size;
  report.wrong.push(...(await wrongIn(cli, stories)));
  await cli.remove();
}

/** What of the runs, as lists and their own reports show them, and of the payments is not as the stories say. */
async function wrongIn(
  cli: Awaited<ReturnType<typeof commandLine>>,
  stories: ReadonlyMap<string, Story & { readonly invoiceId: string }>,
): Promise<string[]> {
  const wrong: string[] = [];
  const listed: { runId: string; status: string }[] = JSON.parse(
    (await cli.holdfast("runs", "--limit", "10000", "--json")).out,
  );
  const payments = await cli.payments();
  for (const [runId, { fixture, decision, invoiceId, ...expected }] of stories) {
    const { status } = JSON.parse((await cli.holdfast("show", runId, "--json")).out);
    const inList = listed.find((run) => run.runId === runId)?.status;
    const paid = payments.filter((payment) => payment.invoiceId === invoiceId).length;
    if (status !== expected.status || inList !== expected.status || paid !== expected.payments) {
      wrong.push(
        `${fixture} ${decision ?? ""} ${runId}: shown as ${status}, listed as ${inList}, paid ${paid} times; ` +
          `it should be ${expected.status} and paid ${expected.payments} times`,
      );
    }
  }
  if (listed.length !== stories.size) wrong.push(`${listed.length} runs are listed; there were ${stories.size}`);
  return wrong;
}
