import { limitProblems, type WorstCase, worstCase } from "../../compiler/index.ts";
import {
  type AgentFile,
  findAgents,
  type KnownAgents,
  type Missing,
  missingForProduction,
  type Problem,
} from "../../definition/index.ts";
import { findAgent } from "../agent-names.ts";
import { checkFile } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { oneLine } from "../terminal.ts";

interface Checked {
  readonly agent: string;
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly worstCase: WorstCase | null;
  /** What stage prod would refuse it for; that is no problem anywhere else. */
  readonly missing: readonly Missing[];
}

/** Checks one agent, or all; with the worst case of a run of each, and what production would ask for besides. */
export async function check({ terminal, root, json }: Invocation, name: string | undefined): Promise<ExitCode> {
  const all = await findAgents(root);
  const files = name === undefined ? all : [await findAgent(root, name)];
  const documents = await Promise.all(all.map((file) => checkFile(file)));
  const known = new Map(documents.flatMap((result) => (result.ok ? [[result.agent.name, result.agent]] : [])));
  const results = await Promise.all(files.map((file) => checked(file, known)));
  const ok = results.every((result) => result.ok);
  if (json) {
    const [only, ...more] = results;
    const single = only !== undefined && more.length === 0;
    const summary = single
      ? { ok, problems: only.problems, worstCase: only.worstCase, missing: only.missing }
      : { ok, problems: results.flatMap(problemsByAgent), worstCase: null, missing: [], agents: results };
    terminal.out(JSON.stringify(summary));
  } else {
    for (const result of results) terminal.out(inWords(terminal.colors, result));
  }
  return ok ? ExitCode.ok : ExitCode.usage;
}

async function checked(file: AgentFile, known: KnownAgents): Promise<Checked> {
  const result = await checkFile(file, known);
  if (!result.ok) return { agent: file.name, ok: false, problems: result.problems, worstCase: null, missing: [] };
  const problems = limitProblems(result.agent);
  return {
    agent: file.name,
    ok: problems.length === 0,
    problems,
    worstCase: worstCase(result.agent),
    missing: missingForProduction(result.agent),
  };
}

const problemsByAgent = ({ agent, problems }: Checked) =>
  problems.map((problem) => ({ ...problem, path: `${agent}: ${problem.path}` }));

function inWords(
  colors: Invocation["terminal"]["colors"],
  { agent, ok, problems, worstCase: worst, missing }: Checked,
): string {
  const head = ok ? `${colors.green("ok")}  ${agent}` : `${colors.red("bad")} ${agent}`;
  const lines = problems.map(
    ({ code, path, message }) => `    ${path}: ${oneLine(message)} ${colors.dim(`[${code}]`)}`,
  );
  if (worst !== null) {
    const hours = Math.round(worst.wallClockSeconds / 360) / 10;
    lines.push(
      `    worst case of a run: ${worst.transitions} transitions, ${worst.invocations} invocations, ${hours} h, ${worst.usd.toFixed(2)} USD`,
    );
  }
  lines.push(...missing.map(({ message }) => `    ${colors.yellow("prod would refuse it:")} ${message}`));
  return [head, ...lines].join("\n");
}
