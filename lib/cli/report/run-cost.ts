import { UNDO_STATE } from "../../compiler/index.ts";
import { PLATFORM_MEMORY } from "../../contract/index.ts";
import { type AgentDocument, allSteps, isWork } from "../../definition/index.ts";
import type { HistoryReader } from "../../local/index.ts";
import { type RunCost, runCost, type StoreCounts } from "../../runtime/index.ts";
import type { RunFacts } from "./run-facts.ts";

/** What a run has cost so far. @param reader of the whole history. */
export function costOf(document: AgentDocument, facts: RunFacts, reader: HistoryReader): RunCost {
  const { record, now, usage } = facts;
  const { transitions, invocations } = reader;
  const machine = { transitions, invocations, gigabyteSeconds: gigabyteSeconds(document, reader, now) };
  const stored = usage === undefined ? undefined : countedBy(usage);
  return runCost({ record, machine, stored, isTriggered: document.triggers.length > 0 });
}

const countedBy = ({ writes, indexWrites, reads }: NonNullable<RunFacts["usage"]>): StoreCounts => ({
  storeWrites: writes,
  indexWrites,
  storeReads: reads,
});

/** Each invocation by how long it was under way, and the memory of its function. */
function gigabyteSeconds(document: AgentDocument, { visits }: HistoryReader, now: number): number {
  const memory = new Map([...allSteps(document.steps)].filter(isWork).map((step) => [step.name, step.memory]));
  const most = Math.max(PLATFORM_MEMORY, ...memory.values());
  let total = 0;
  for (const { state, tries } of visits) {
    // What undoes a step has the memory of that; which one it is, the history need not say.
    const megabytes = state === UNDO_STATE ? most : (memory.get(state) ?? PLATFORM_MEMORY);
    for (const { invokes, startedAt, answeredAt = now } of tries) {
      if (invokes) total += ((answeredAt - startedAt) / 1_000) * (megabytes / 1_024);
    }
  }
  return total;
}
