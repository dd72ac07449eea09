import type { Clock, Metrics, RunStore } from "../ports/index.ts";
import { agentOf } from "./identity.ts";
import { readRecord } from "./record/read-record.ts";
import { type MachineCounts, runCost } from "./run-cost.ts";

interface Ports {
  readonly store: RunStore;
  readonly clock: Pick<Clock, "now">;
  readonly metrics: Metrics;
}

/** Measures what a run that has ended has cost. @param machine what its history tells. */
export async function measureCost(ports: Ports, runId: string, machine: MachineCounts): Promise<void> {
  const record = await readRecord(ports, runId);
  if (record === undefined) return;
  const { totalUsd } = runCost({ record, machine, isTriggered: true });
  ports.metrics.record({ agent: agentOf(runId), values: { runCost: totalUsd } });
}
