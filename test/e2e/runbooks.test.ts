import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { ALARMS, type AlarmName } from "../../lib/infra/index.ts";
import { commandLine } from "../cli/command-line.ts";
import { project } from "../cli/project.ts";

/** What stands for a placeholder in the commands of a runbook. */
type Filled = Readonly<Record<string, string>>;
type Cli = Awaited<ReturnType<typeof commandLine>>;

interface Prepared {
  readonly filled: Filled;
  /** Folder of the project. @default this one */
  readonly root?: string;
}

const FOLDER = new URL("../../docs/runbooks/", import.meta.url);
const alarms = Object.keys(ALARMS) as AlarmName[];
const runbooks = readdirSync(FOLDER).map((file) => file.replace(/\.md$/, ""));
const textOf = (name: string) => readFileSync(new URL(`${name}.md`, FOLDER), "utf8");
const commandsIn = (text: string) =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
/** What a comment behind a command announces, other than exit status 0. */
const ANNOUNCED: Readonly<Record<string, number>> = { fails: 1, refused: 2, waits: 3 };

/** An invoice desk in which a run has ended as abandoned. */
async function abandoned(cli: Cli): Promise<Prepared> {
  const { filled } = await broken(cli);
  await cli.holdfast("decide", filled.RUN ?? "", "--decision", "abort", "--as", "ap-lead@example.com");
  return { filled };
}

/** One in which a run has failed at its first step, and people are asked. */
async function broken(cli: Cli): Promise<Prepared> {
  const event = await cli.event("tolerable");
  const { out } = await cli.holdfast("run", "invoice-desk", "--event", event, "--fault", "extract:permanent", "--json");
  const [escalation] = JSON.parse(out).escalations;
  const filled = {
    RUN: JSON.parse(out).runId,
    ESCALATION: escalation.id,
    EVENT: await cli.event("clean"),
    STEP: "extract",
  };
  return { filled: { ...filled, AGENT: "invoice-desk" } };
}

/** One in which people are asked whether a mismatch is paid. */
async function asked(cli: Cli): Promise<Prepared> {
  const { out } = await cli.holdfast("run", "invoice-desk", "--event", await cli.event("mismatch"), "--json");
  const [escalation] = JSON.parse(out).escalations;
  return { filled: { AGENT: "invoice-desk", RUN: JSON.parse(out).runId, ESCALATION: escalation.id } };
}

/** One to which an event is sent that says nothing of what it is about. */
async function refusing(cli: Cli): Promise<Prepared> {
  const BAD_EVENT = await cli.event("clean", { invoiceId: 7 });
  return { filled: { AGENT: "invoice-desk", BAD_EVENT, EVENT: await cli.event("clean") } };
}

/** An agent of which a run asks for more tokens than it may spend. */
async function overspent(cli: Cli): Promise<Prepared> {
  const { declare, run, root } = project(cli);
  const module = `export const run = async (input, { action }) =>
    action("ask", async () => ({}), { cost: { tokens: 150 }, actualCost: () => ({ tokens: 120 }) });`;
  const think = { kind: "task", name: "think", handler: "./think.js", effect: "none", output: { type: "object" } };
  const escalations = { owners: { tiers: [{ audience: "owners", within: "1h" }] } };
  await declare("thinker", { budget: { tokens: 100 }, escalations, steps: [think] }, { "think.js": module });
  const { report } = await run("thinker");
  return { root, filled: { RUN: report.runId, ESCALATION: report.escalations[0].id } };
}

/** The state that each alarm tells of. */
const PREPARE: Readonly<Record<AlarmName, (cli: Cli) => Promise<Prepared>>> = {
  "runs-failing": abandoned,
  "version-failing": abandoned,
  "executions-throttled": asked,
  "intake-delayed": refusing,
  "intake-dead-letters": refusing,
  "escalation-unanswered": asked,
  "budget-exceeded": overspent,
  "reconcile-failing": asked,
  "reconcile-dead-letters": abandoned,
  "decide-api-failing": asked,
  "table-throttled": abandoned,
  "functions-throttled": asked,
};

test("every alarm has a runbook, and every runbook an alarm", () => {
  expect(runbooks.sort()).toEqual([...alarms].sort());
});

describe.each(alarms)("the runbook %s", async (name) => {
  const cli = await commandLine();
  afterAll(() => cli.remove());
  const text = textOf(name);
  const commands = commandsIn(text);

  test("says what the alarm means, what to look at first, how to resolve it and when to call somebody else", () => {
    const headings = [...text.matchAll(/^#+ .*/gm)].map(([heading]) => heading);
    expect(headings).toEqual([`# ${name}`, "## Look first", "## Resolve", "## Escalate"]);
    expect(commands.length).toBeGreaterThan(0);
    expect(text.split("\n").length).toBeLessThan(60);
  });

  test("has commands that work in that state, in their order", async () => {
    const { filled, root } = await PREPARE[name](cli);
    for (const line of commands) {
      const [command = "", announced = ""] = line.split(" # ");
      const [npx, holdfast, ...words] = wordsOf(command).map((word) => filled[word] ?? fill(word, filled));
      expect([npx, holdfast]).toEqual(["npx", "holdfast"]);
      expect(words.join(" "), "placeholders that the test fills").not.toMatch(/\b[A-Z]{3,}(_[A-Z]+)*\b/);
      const said = await cli.holdfast(...(root === undefined ? [] : ["--root", root]), ...words);
      expect({ line, ...said }).toEqual({ line, ...said, code: ANNOUNCED[announced] ?? 0 });
    }
  });
});

/** The words of a command line, some in double quotes. */
const wordsOf = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
/** A placeholder may be a part of a word, as in `STEP:permanent`. */
const fill = (word: string, filled: Filled) => word.replace(/^[A-Z_]+(?=:)/, (name) => filled[name] ?? name);
