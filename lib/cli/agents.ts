import { checkAgentFile, findAgents, type LoadedAgent } from "../definition/index.ts";
import { findAgent } from "./agent-names.ts";
import { usageError } from "./failure.ts";
import type { Invocation } from "./invocation.ts";

/** An agent that passed its check. @throws Holdfast.InvalidInput that names its problems. */
export async function loadAgent(root: string, name: string): Promise<LoadedAgent> {
  const file = await findAgent(root, name);
  const result = await checkAgentFile(file);
  if (result.ok) return { ...file, document: result.agent };
  const problems = result.problems.map(({ path, message }) => `  ${path}: ${message}`).join("\n");
  throw usageError("agent-invalid", `${name} does not pass its check:\n${problems}`);
}

/** The agents of the project that pass their check; the others are told of, and left out. */
export async function loadProject({ root, terminal }: Invocation): Promise<LoadedAgent[]> {
  const files = await findAgents(root);
  const results = await Promise.all(files.map(async (file) => ({ file, result: await checkAgentFile(file) })));
  return results.flatMap(({ file, result }) => {
    if (result.ok) return [{ ...file, document: result.agent }];
    terminal.err(`${file.name} is left out: it does not pass its check. See: npx holdfast check ${file.name}`);
    return [];
  });
}
