import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadedAgent } from "../definition/index.ts";

/** The `run` of a module beside an agent. @throws TypeError for a module that exports none, and what importing it throws. */
export async function importRun<Run>({ directory, name }: LoadedAgent, path: string): Promise<Run> {
  const module: { run?: unknown } = await import(pathToFileURL(resolve(directory, path)).href);
  if (typeof module.run === "function") return module.run as Run;
  throw new TypeError(
    `${path} of ${name} exports no function \`run\`. A handler is: export const run = (input, context) => output.`,
  );
}
