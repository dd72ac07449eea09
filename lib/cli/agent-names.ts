import { type AgentFile, findAgents } from "../definition/find-agents.ts";
import { usageError } from "./failure.ts";

/** The agent file of that name. @throws Holdfast.InvalidInput when there is none. */
export async function findAgent(root: string, name: string): Promise<AgentFile> {
  const files = await findAgents(root);
  const found = files.find((file) => file.name === name);
  if (found !== undefined) return found;
  const allowed = files.map((file) => file.name).join(", ") || `none: there is no agent file under ${root}/functions`;
  throw usageError("unknown-agent", `There is no agent ${JSON.stringify(name.slice(0, 80))}. Allowed: ${allowed}.`);
}

/** The agents that are looked at: that one, or all. @throws Holdfast.InvalidInput when it is named and there is none. */
export async function agentNames(root: string, name: string | undefined): Promise<readonly string[]> {
  if (name !== undefined) return [(await findAgent(root, name)).name];
  return (await findAgents(root)).map((file) => file.name);
}
