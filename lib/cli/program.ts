import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Environment } from "../contract/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { reportFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

interface Globals {
  readonly root: string;
  readonly dataDir: string;
  readonly json?: boolean;
}

/** Runs the command line. Never throws: what goes wrong is told on the terminal and in the exit code. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok;
  const program = commandLine(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return reportFailure(error, terminal, args.includes("--json"));
  }
}

/** The commands. Each loads its code when it is called, so that none pays for another. */
function commandLine(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command("holdfast")
    .description("Carries AI agents from pilot to production on AWS; runs them here with Node alone.")
    .option("--root <dir>", "folder of the project", ".")
    .addOption(
      new Option("--data-dir <dir>", "where runs are kept; nothing is written elsewhere")
        .env(Environment.dataDir)
        .default(".holdfast"),
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      "\nExit status: 0 done, 1 the run failed or was abandoned, 2 bad usage or input (nothing started), 3 waits for a person.",
    );

  const command = (usage: string, description: string) => program.command(usage).description(description);
  const json = "print JSON for machines";
  const stack = "of a platform deployed to AWS, such as HoldfastPlatform; this machine otherwise";
  const call = async (action: (invocation: Invocation) => Promise<ExitCode>, options: { json?: boolean } = {}) => {
    const { root, dataDir } = program.opts<Globals>();
    finish(await action({ terminal, root: resolve(root), dataDir: resolve(dataDir), json: options.json === true }));
  };

  command("agents", "list the agents of the project")
    .option("--json", json)
    .action((options) => call(async (i) => (await import("./commands/agents.ts")).agents(i), options));
  command("check [agent]", "validate an agent, or all, and print the worst case of a run")
    .option("--json", json)
    .action((agent, options) => call(async (i) => (await import("./commands/check.ts")).check(i, agent), options));
  command("compile <agent>", "print the state machine (Amazon States Language)").action((agent) =>
    call(async (i) => (await import("./commands/compile.ts")).compile(i, agent)),
  );
  command("cost <agent>", "print what runs cost on AWS by list price, before any has run")
    .option("--runs <n>", "a month", positiveInteger, 10_000)
    .option("--seconds <n>", "how long an invocation takes", positiveNumber, 1)
    .option("--json", json)
    .action((agent, options) =>
      call(async (i) => (await import("./commands/cost.ts")).cost(i, agent, options), options),
    );
  command("graph <agent>", "print the steps as a Mermaid flowchart").action((agent) =>
    call(async (i) => (await import("./commands/graph.ts")).graph(i, agent)),
  );
  command("tools <agent>", "list its tools, and hold what it pins of MCP servers against what they list now")
    .option("--json", json)
    .addHelpText(
      "after",
      "\nServers are asked what they list; no tool is called. Exit status: 0 all is as pinned, 1 a tool is not, or a server cannot be reached.",
    )
    .action((agent, options) => call(async (i) => (await import("./commands/tools.ts")).tools(i, agent), options));
  command("run <agent>", "start the run of an event and follow it")
    .requiredOption("--event <file>", "JSON file with an EventBridge event")
    .option(
      "--fault <step:what[:times]>",
      "break a step on purpose: transient, throttled, permanent, kill, …",
      collect,
      [],
    )
    .option("--json", json)
    .action((agent, options) => call(async (i) => (await import("./commands/run.ts")).run(i, agent, options), options));
  command("resume", "continue every open run")
    .option("--json", json)
    .addHelpText(
      "after",
      "\nExit status: 0 all are done, 1 one failed or was abandoned, 3 none did, and one waits for a person.",
    )
    .action((options) => call(async (i) => (await import("./commands/resume.ts")).resume(i), options));
  command("runs", "list runs, newest first")
    .option("--agent <name>", "only of this agent")
    .option("--status <status>", "only of this status")
    .option("--since <when>", "only of those that started since: 24h, 7d, 2026-11-20 or 2026-11-20T08:00:00Z")
    .option("--limit <n>", "at most so many", positiveInteger, 50)
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((options) => call(async (i) => (await import("./commands/runs.ts")).runs(i, options), options));
  command("show <run>", "show what happened in a run, where it stands, and what it has cost")
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((runId, options) =>
      call(async (i) => (await import("./commands/show.ts")).show(i, runId, options), options),
    );
  command("why <run>", "say what stopped a run or stands in its way, what was tried, and what to do")
    .option("--step <name>", "only of this step")
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((runId, options) => call(async (i) => (await import("./commands/why.ts")).why(i, runId, options), options));
  command("logs <run>", "print what was logged of a run, oldest first")
    .option("--level <level>", "only this and worse: DEBUG, INFO, WARN, ERROR")
    .option("--since <when>", "only since then: 10m, 24h, 2026-11-20 or 2026-11-20T08:00:00Z")
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((runId, options) =>
      call(async (i) => (await import("./commands/logs.ts")).logs(i, runId, options), options),
    );
  command("trace <run>", "draw what took how long in a run, and in what")
    .option("--html <file>", "write a page of its own instead; - for standard output")
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((runId, options) =>
      call(async (i) => (await import("./commands/trace.ts")).trace(i, runId, options), options),
    );
  command("escalations", "list what people are asked, oldest first")
    .option("--mine <who>", "only what this person or audience may decide")
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((options) =>
      call(async (i) => (await import("./commands/escalations.ts")).escalations(i, options), options),
    );
  command("escalation <id>", "show what people decide by, of an escalation, a run that has one open, or a group")
    .option("--stack <name>", stack)
    .option("--json", json)
    .action((id, options) =>
      call(async (i) => (await import("./commands/escalation.ts")).escalation(i, id, options), options),
    );
  command("decide <escalation>", "answer an escalation, by its id, its run's or its group's, and follow the run")
    .option("--decision <decision>", "approve, reject, retry, override, raise or abort; on a terminal you are asked")
    .option("--as <who>", "who decides; a deployed stack knows that by itself")
    .option("--group <name>", "a group that they are in, where members are group:<name>; repeatable", collect, [])
    .option("--note <text>", "why")
    .option("--seen <digest>", "of the packet that you decide by; refused if that has changed")
    .option("--output <file>", "JSON file with the output that stands in for the step's (override)")
    .option("--raise <amounts>", "what is added to the run's budget (raise): tokens=1000,usd=0.5,steps=5,wallClock=12h")
    .option("--stack <name>", stack)
    .option("--json", json)
    .addHelpText("after", "\nExit status: 0 the decision counted, 2 it was refused; the code says why.")
    .action((id, options) => call(async (i) => (await import("./commands/decide.ts")).decide(i, id, options), options));
  command(
    "demo",
    "run the example agent straight through, retried, killed and resumed, and waiting for a person",
  ).action(() => call(async (i) => (await import("./commands/demo.ts")).demo(i)));
  command("dev", "run the agents until stopped, behind the Step Functions API and EventBridge's PutEvents")
    .option("--port <n>", "on 127.0.0.1, reachable from this machine only; 0 for any that is free", portNumber, 8083)
    .option("--json", json)
    .addHelpText(
      "after",
      "\nSigned requests are taken, and their signatures not checked. While it runs, it answers escalations, escalation, decide, runs, show, why, logs and trace.",
    )
    .action((options) => call(async (i) => (await import("./commands/dev.ts")).dev(i, options), options));

  const asl = command("asl", "try state machines (JSONata) that no agent stands behind");
  asl
    .command("run")
    .description("run a state machine to its end")
    .requiredOption("--definition <file>", "JSON file with the state machine")
    .requiredOption("--input <file>", "JSON file")
    .option("--tasks <file>", 'what Tasks end with: {"<state>": [{"result": …} or {"error": "…", "cause": "…"}, …]}')
    .option("--history", "print the events too")
    .option("--real-time", "let waits last as long as they say")
    .option("--json", json)
    .action((options) => call(async (i) => (await import("./commands/asl-run.ts")).aslRun(i, options), options));
  asl
    .command("test-state")
    .description("try one state, as AWS's TestState does")
    .requiredOption("--definition <file>", "JSON file with the state, or with a state machine")
    .option("--state-name <name>", "which state of a state machine")
    .requiredOption("--input <file>", "JSON file")
    .option("--mock <file>", 'what the state ends with: {"result": …} or {"errorOutput": {"error": "…", "cause": "…"}}')
    .option("--variables <file>", "JSON file with the variables before it")
    .option("--context <file>", "JSON file with parts of $states.context")
    .option("--json", json)
    .action((options) =>
      call(async (i) => (await import("./commands/asl-test-state.ts")).aslTestState(i, options), options),
    );
  return program;
}

const collect = (value: string, before: readonly string[]) => [...before, value];

function positiveInteger(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

function positiveNumber(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError("It must be a number above 0.");
}

function portNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}
