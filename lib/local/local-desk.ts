import type { RunStatus } from "../contract/index.ts";
import type { RunsQuery } from "../ports/index.ts";
import type { Decider, Decision, Escalation, EscalationSummary, Packet } from "../runtime/index.ts";
import type { StoreUsage } from "./embedded-run-store.ts";
import type { ExecutionDescription, HistoryEvent } from "./engine/index.ts";

/** A run as lists show it. */
export interface RunSummary {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  /** ISO 8601, as is `updatedAt`. */
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** What is known of one run. */
export interface LocalRunFacts {
  readonly runId: string;
  readonly execution: ExecutionDescription;
  readonly history: readonly HistoryEvent[];
  /** Those of the run, and of the subflows that it waits for once it rests. */
  readonly escalations: readonly Escalation[];
  readonly usage: StoreUsage;
  readonly now: number;
}

/** Where people of this machine see what runs do, and decide: the platform, whichever process has it open. */
export interface LocalDesk {
  /** Whether that is another process, in which runs go on when this one is over. */
  readonly isElsewhere: boolean;
  /** Until the run has ended, or waits for people or for longer than a quarter of an hour. False where it is left before that. */
  settled(runId: string): Promise<boolean>;
  /** @throws Holdfast.InvalidInput for an unknown run. */
  facts(runId: string): Promise<LocalRunFacts>;
  /** Newest first. */
  runs(query: RunsQuery): Promise<readonly RunSummary[]>;
  /** What people are asked, open ones of some audiences, oldest first. */
  asked(audiences: readonly string[]): Promise<readonly EscalationSummary[]>;
  /** @throws Holdfast.Denied with code `unknown`. */
  escalation(id: string): Promise<{ readonly escalation: Escalation; readonly packet: Packet }>;
  decide(decision: Decision, decider: Decider): Promise<Escalation>;
}
