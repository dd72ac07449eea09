import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { type AnyFlow, documentOf } from "./builder/index.ts";
import { type CheckResult, checkAgent, type KnownAgents, type Problem } from "./check/index.ts";
import type { AgentDocument } from "./document.ts";
import { type AgentFile, findAgents } from "./find-agents.ts";
import { missingModules } from "./missing-modules.ts";
import { parseYaml } from "./parse-yaml.ts";

export interface LoadedAgent extends AgentFile {
  readonly document: AgentDocument;
}

/** As much as AWS takes of a state machine, of which an agent document is the smaller part. */
const MAX_BYTES = 1024 * 1024;

/**
 * What an agent file says: of a module, the one declaration that it exports; of YAML or JSON, the data.
 * Never throws for what is in the file: problems come back as such.
 */
export async function readAgent({ file }: AgentFile): Promise<{ source: unknown } | { problem: Problem }> {
  const malformed = (message: string) => ({
    problem: { code: "malformed-document" as const, path: basename(file), message },
  });
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) return malformed(`The file has ${size} bytes; at most ${MAX_BYTES} are read.`);
    if (/\.m?[jt]s$/.test(file)) {
      const module: Record<string, unknown> = await import(pathToFileURL(file).href);
      const agents = Object.values(module).filter(isDeclaration);
      const [agent] = agents;
      if (agent !== undefined && agents.length === 1) return { source: documentOf(agent) };
      return malformed(`The module exports ${agents.length} agents; it must export one, made with defineAgent.`);
    }
    const text = await readFile(file, "utf8");
    const source: unknown = file.endsWith(".json") ? JSON.parse(text) : parseYaml(text);
    return { source };
  } catch (error) {
    return malformed(reasonOf(error));
  }
}

/** In one line: what transforms a module, or reads JSON, says it in several. */
const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s*\n\s*/g, " ");

/** Reads and checks an agent in one go, and whether the modules that it names are there. */
export async function checkAgentFile(file: AgentFile, known?: KnownAgents): Promise<CheckResult> {
  const read = await readAgent(file);
  if ("problem" in read) return { ok: false, problems: [read.problem] };
  const result = checkAgent(read.source, known);
  if (result.ok && result.agent.name !== file.name) {
    const message = `The agent is called ${result.agent.name}, but its folder ${file.name}. Give both the same name.`;
    return { ok: false, problems: [{ code: "invalid-shape", path: "name", message }] };
  }
  const { agent } = result;
  if (agent === undefined) return result;
  const problems = [...(result.ok ? [] : result.problems), ...(await missingModules(agent, file.directory))];
  return problems.length === 0 ? result : { ok: false, problems, agent };
}

/** Every agent of a project, checked. @throws Holdfast.InvalidInput, code `agent-invalid`, that names every problem of every agent. */
export async function loadAgents(root: string): Promise<LoadedAgent[]> {
  const files = await findAgents(root);
  const results = await Promise.all(files.map(async (file) => ({ file, result: await checkAgentFile(file) })));
  const known = new Map(results.flatMap(({ file, result }) => (result.ok ? [[file.name, result.agent]] : [])));
  const problems: string[] = [];
  const loaded: LoadedAgent[] = [];
  for (const { file, result } of results) {
    const checked = result.ok ? checkAgent(result.agent, known) : result;
    if (checked.ok) loaded.push({ ...file, document: checked.agent });
    else
      problems.push(
        ...checked.problems.map(({ code, path, message }) => `${file.name}: ${path}: ${message} [${code}]`),
      );
  }
  if (problems.length > 0) throw new HoldfastError(ErrorClass.InvalidInput, "agent-invalid", problems.join("\n"));
  return loaded;
}

function isDeclaration(value: unknown): value is AnyFlow {
  return typeof value === "object" && value !== null && "parts" in value;
}
