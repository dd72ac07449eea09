import { RUN, runKey, SWEEP_SECONDS, type SweepEvent } from "../contract/index.ts";
import type { Execution, Item } from "../ports/index.ts";
import { executionError } from "./function-error.ts";
import { outcomeOf } from "./outcome.ts";
import { deliverAll } from "./people/deliver.ts";
import { withdraw } from "./people/silence.ts";
import type { PlatformPorts } from "./ports.ts";
import { closeRun } from "./runs.ts";
import { startExecution } from "./start-run.ts";

type Ports = Pick<PlatformPorts, "store" | "clock" | "executions">;

/**
 * Closes the RUN item of an execution that ended without its last step doing so, or that failed after it had, and
 * withdraws what people are still asked about it. Repeats and late events change nothing.
 */
export async function reconcileRun(ports: Pick<Ports, "store" | "clock">, execution: Execution): Promise<void> {
  const status = outcomeOf(execution);
  if (status === undefined) return;
  await closeRun(ports, execution.name, status, executionError(execution));
  await withdraw(ports, execution.name);
}

export interface Sweep {
  /** The agents whose runs are looked at. */
  readonly agents: readonly SweepEvent["sweep"][];
  /** Runs that were touched later than that are left alone: what changes them may still be under way. @default {@link SWEEP_SECONDS} */
  readonly olderThanSeconds?: number;
  /** At most so many runs of each agent are looked at; where there are more, the next sweep takes the next of them. @default 100 */
  readonly limit?: number;
}

const LIMIT = 100;
/** Of each status; what is older than these is not seen until some of them have ended. */
const LISTED = 10_000;

/**
 * Repairs the RUN items of open runs that no status event has told of: closes those whose execution has ended, starts
 * those whose execution was never started. A subflow is its parent's to start; when the parent has ended without that,
 * its run is closed as failed. Decisions that never reached a run are delivered first. Repeating it changes nothing. What
 * cannot be repaired stops nothing else.
 *
 * @throws AggregateError of what went wrong with single runs, once all have been looked at.
 */
export async function reconcileRuns(ports: Ports, { agents, ...options }: Sweep): Promise<void> {
  const { olderThanSeconds = SWEEP_SECONDS, limit = LIMIT } = options;
  const failures: unknown[] = [];
  const attempt = async <Result>(work: Promise<Result>) =>
    work.catch((error: unknown) => {
      failures.push(error);
    });
  const unstarted: Subflow[] = [];
  for (const { name: agent, stateMachine } of agents) {
    failures.push(...((await attempt(deliverAll(ports, agent))) ?? []));
    const stale = staleRuns(ports, { agent, olderThanSeconds, limit: Math.max(limit, LISTED) });
    for (const { runId } of inTurn((await attempt(stale)) ?? [], limit, ports.clock.now())) {
      const subflow = await attempt(repair(ports, stateMachine, String(runId)));
      if (subflow !== undefined) unstarted.push(subflow);
    }
  }
  // By now the parents of all these agents are closed, if they have ended.
  for (const subflow of unstarted) await attempt(closeOrphan(ports, subflow));
  if (failures.length > 0) {
    const reasons = failures.map((error) => (error instanceof Error ? error.message : String(error)));
    throw new AggregateError(failures, `${failures.length} repairs failed: ${reasons.join("; ")}`);
  }
}

/** The open runs of an agent that nothing has touched for so long. */
async function staleRuns(
  { store, clock }: Ports,
  { agent, olderThanSeconds, limit }: { agent: string; olderThanSeconds: number; limit: number },
): Promise<Item[]> {
  const startedBefore = new Date(clock.now() - olderThanSeconds * 1_000 + 1).toISOString();
  const listed = await Promise.all(
    (["running", "waiting"] as const).map((status) => store.runs({ agent, status, startedBefore, limit })),
  );
  return listed.flat().filter(({ updatedAt }) => String(updatedAt) < startedBefore);
}

/** So many of the runs, beginning where the sweep before this one has ended. */
function inTurn(runs: readonly Item[], limit: number, now: number): readonly Item[] {
  if (runs.length <= limit) return runs;
  const turn = Math.floor(now / (SWEEP_SECONDS * 1_000));
  const first = (turn * limit) % runs.length;
  return [...runs, ...runs].slice(first, first + limit);
}

/** The run of a subflow, and the run whose subflow it is. */
interface Subflow {
  readonly runId: string;
  readonly parent: string;
}

/** @returns a subflow that has not been started. */
async function repair(ports: Ports, stateMachine: string, runId: string): Promise<Subflow | undefined> {
  const execution = await ports.executions.describe(stateMachine, runId);
  if (execution !== undefined) {
    await reconcileRun(ports, execution);
    return undefined;
  }
  // The list may lag behind, and does not hold what the execution is started with.
  const run = await runOf(ports, runId);
  if (run?.open !== true) return undefined;
  const { parent }: { parent?: { readonly runId: string } } = JSON.parse(String(run.executionInput));
  if (parent !== undefined) return { runId, parent: parent.runId };
  await startExecution(ports.executions, stateMachine, run);
  return undefined;
}

async function closeOrphan(ports: Ports, { runId, parent }: Subflow): Promise<void> {
  if ((await runOf(ports, parent))?.open !== true) await closeRun(ports, runId, "failed");
}

const runOf = ({ store }: Ports, runId: string) => store.get({ pk: runKey(runId), sk: RUN });
