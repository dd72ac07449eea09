import type { Definitions } from "./definition-cache.ts";
import { Execution } from "./interpreter/execution.ts";
import type { ExecutionRecord, Journal } from "./journal/journal.ts";
import { type Running, runningOf } from "./running.ts";

/** Brings an execution back to where its journal leaves it. */
export async function replay(journal: Journal, record: ExecutionRecord, compiled: Definitions): Promise<Running> {
  const { arn } = record.identity;
  const [entries, definition] = await Promise.all([journal.entries(arn), journal.definition(record.definitionId)]);
  if (definition === undefined) throw new Error(`The journal has no definition ${record.definitionId} for ${arn}.`);
  const execution = new Execution(compiled(definition).machine, record.identity, record.startedAt);
  for (const entry of entries) execution.apply(entry, true);
  return {
    ...runningOf(execution, { ...record, standing: execution.standing }),
    sequence: entries.length,
    lastAt: entries.at(-1)?.at ?? record.startedAt,
    told: execution.history.events.length,
  };
}
