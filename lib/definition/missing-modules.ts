import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "./check/index.ts";
import type { AgentDocument } from "./document.ts";
import { walk } from "./walk.ts";
import { isWork } from "./work-steps.ts";

/** Modules that an agent names and its folder does not have: each would be missed by the first run that comes to it. */
export async function missingModules(agent: AgentDocument, directory: string): Promise<Problem[]> {
  const problems = [...modulesOf(agent)].map(async ({ module, path }): Promise<Problem[]> => {
    if (await isFile(join(directory, module))) return [];
    const message = `There is no file ${module} beside the agent. Write the module, or correct its name.`;
    return [{ code: "module-missing", path, message }];
  });
  return (await Promise.all(problems)).flat();
}

function* modulesOf(agent: AgentDocument): Generator<{ readonly module: string; readonly path: string }> {
  for (const visit of walk(agent)) {
    if (visit.kind !== "step" || !isWork(visit.step)) continue;
    const { step, at } = visit;
    if (step.kind === "task") yield { module: step.handler, path: `${at}.handler` };
    if (typeof step.compensate === "string") yield { module: step.compensate, path: `${at}.compensate` };
  }
  for (const [name, { handler }] of Object.entries(agent.tools))
    if (handler !== undefined) yield { module: handler, path: `tools.${name}.handler` };
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );
