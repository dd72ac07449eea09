import type { Json } from "../../../lib/contract/index.ts";
import {
  createEngine,
  type ExecutionDescription,
  type HistoryEvent,
  TaskError,
  type TaskRegistry,
} from "../../../lib/local/engine/index.ts";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import { virtualClock } from "../../../lib/local/virtual-clock.ts";

export type ScriptedOutcome = { readonly result: Json } | { readonly error: string; readonly cause: string };

/** What the Tasks of each state end with, attempt after attempt. */
export type TaskScript = Readonly<Record<string, readonly ScriptedOutcome[]>>;

export function scriptedTasks(script: TaskScript): TaskRegistry {
  const used = new Map<string, number>();
  return () =>
    ({ stateName }) => {
      const turn = used.get(stateName) ?? 0;
      used.set(stateName, turn + 1);
      const outcome = script[stateName]?.[turn];
      if (outcome === undefined)
        throw new TaskError("Test.NoOutcome", `No outcome ${turn} is scripted for ${stateName}`);
      if ("error" in outcome) throw new TaskError(outcome.error, outcome.cause);
      return outcome.result;
    };
}

/** Runs a machine to its end in virtual time. @throws InvalidDefinition */
export async function runMachine(
  definition: Json,
  { input = {}, tasks = scriptedTasks({}), seed = "test" }: { input?: Json; tasks?: TaskRegistry; seed?: string } = {},
): Promise<{ execution: ExecutionDescription; history: HistoryEvent[] }> {
  const engine = createEngine({ clock: virtualClock(), chance: seededChance(seed), tasks });
  const { executionArn } = await engine.startExecution({ machine: { name: "tested", definition }, name: "run", input });
  const execution = await engine.closed(executionArn);
  const history = await engine.getHistory(executionArn);
  await engine.close();
  return { execution, history };
}
