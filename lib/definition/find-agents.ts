import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** An agent found in a project: what its file says, checked or not. */
export interface AgentFile {
  /** The name of its folder, by which people call it; `check` sees to it that the document says the same. */
  readonly name: string;
  /** Absolute; handlers are relative to it. */
  readonly directory: string;
  readonly file: string;
}

const FILE_NAMES = ["agent.ts", "agent.mts", "agent.js", "agent.mjs", "agent.yaml", "agent.yml", "agent.json"];

/** The agents of a project: every folder under `functions/` that has an agent file. Sorted by name. */
export async function findAgents(root: string): Promise<AgentFile[]> {
  const functions = resolve(root, "functions");
  const entries = await readdir(functions, { withFileTypes: true }).catch(noneIfAbsent);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => agentIn(join(functions, entry.name)))
    .filter((agent) => agent !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The agent of one folder, if it has one. */
export function agentIn(directory: string): AgentFile | undefined {
  const file = FILE_NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
  return file === undefined ? undefined : { name: basename(directory), directory, file };
}

function noneIfAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
  throw error;
}
