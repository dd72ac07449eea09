import {
  type AgentFile,
  type CheckResult,
  checkAgentFile,
  findAgents,
  type KnownAgents,
  type LoadedAgent,
  type Problem,
} from "../definition/index.ts";
import { scriptProblems } from "../local/script-problems.ts";
import { findAgent } from "./agent-names.ts";
import { usageError } from "./failure.ts";
import type { Invocation } from "./invocation.ts";

/** What is wrong with an agent: with what its file says, with its modules, and with the scripts of its models. */
export async function checkFile(file: AgentFile, known?: KnownAgents): Promise<CheckResult> {
  const result = await checkAgentFile(file, known);
  const { agent } = result;
  if (agent === undefined) return result;
  const problems = [...(result.ok ? [] : result.problems), ...scriptProblems({ ...file, document: agent })];
  return problems.length === 0 ? result : { ok: false, problems, agent };
}

/**
 * An agent that passed its check.
 *
 * @param except problems that do not matter here. @throws Holdfast.InvalidInput that names the others.
 */
export async function loadAgent(
  root: string,
  name: string,
  except: readonly Problem["code"][] = [],
): Promise<LoadedAgent> {
  const file = await findAgent(root, name);
  const result = await checkFile(file);
  const problems = result.ok ? [] : result.problems.filter(({ code }) => !except.includes(code));
  if (result.agent !== undefined && problems.length === 0) return { ...file, document: result.agent };
  const told = problems.map(({ path, message }) => `  ${path}: ${message}`).join("\n");
  throw usageError("agent-invalid", `${name} does not pass its check:\n${told}`);
}

/** The agents of the project that pass their check; the others are told of, and left out. */
export async function loadProject({ root, terminal }: Invocation): Promise<LoadedAgent[]> {
  const files = await findAgents(root);
  const results = await Promise.all(files.map(async (file) => ({ file, result: await checkFile(file) })));
  return results.flatMap(({ file, result }) => {
    if (result.ok) return [{ ...file, document: result.agent }];
    terminal.err(`${file.name} is left out: it does not pass its check. See: npx holdfast check ${file.name}`);
    return [];
  });
}
