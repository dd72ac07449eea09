import type { LoadedAgent } from "../definition/index.ts";
import { agentOf } from "../runtime/index.ts";
import { loadAgent } from "./agents.ts";
import type { Invocation } from "./invocation.ts";
import { requireRunId } from "./run-id.ts";
import type { RunSource } from "./run-source.ts";
import { withLocalDesk } from "./with-local-desk.ts";

export interface SourceOptions {
  /** Name of a deployed platform's stack. @default this machine */
  readonly stack?: string | undefined;
}

/**
 * Opens for one command what knows of a run, and closes it whatever happens.
 *
 * @param id of the run, or of one of its escalations.
 * @throws Holdfast.InvalidInput, code `run-id-invalid` or `unknown-agent`
 */
export async function withRun<Result>(
  invocation: Invocation,
  id: string,
  options: SourceOptions,
  use: (source: RunSource, agent: LoadedAgent, runId: string) => Promise<Result>,
): Promise<Result> {
  const runId = requireRunId(id);
  const agent = await loadAgent(invocation.root, agentOf(runId));
  return withSource(invocation, [agent], options, (source) => use(source, agent, runId));
}

/** The same of all runs. @param agents what is told of their runs beyond what is kept. */
export async function withSource<Result>(
  invocation: Invocation,
  agents: readonly LoadedAgent[],
  { stack }: SourceOptions,
  use: (source: RunSource) => Promise<Result>,
): Promise<Result> {
  if (stack !== undefined) {
    const { stackRuns } = await import("./stack-runs.ts");
    return use(await stackRuns(stack));
  }
  return withLocalDesk(invocation, agents, { takesUp: false }, use);
}
