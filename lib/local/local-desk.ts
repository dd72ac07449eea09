import type { LogLine, SegmentDocument } from "../contract/index.ts";
import type { LogQuery, RunList } from "../ports/index.ts";
import type { Decider, Decision, Escalation, EscalationSummary, Packet, RunRecord } from "../runtime/index.ts";
import type { StoreUsage } from "./embedded-run-store.ts";
import type { ExecutionDescription, HistoryEvent } from "./engine/index.ts";

/** What is known of one run. */
export interface LocalRunFacts {
  readonly runId: string;
  readonly execution: ExecutionDescription;
  readonly history: readonly HistoryEvent[];
  /** Those of the run, and of the subflows that it waits for once it rests. */
  readonly escalations: readonly Escalation[];
  /** What its items say; undefined where it has none. */
  readonly record: RunRecord | undefined;
  readonly usage: StoreUsage;
  readonly now: number;
}

/** Where people of this machine see what runs do, and decide: the platform, whichever process has it open. */
export interface LocalDesk extends RunList {
  /** Whether that is another process, in which runs go on when this one is over. */
  readonly isElsewhere: boolean;
  /** Until the run has ended, or waits for people or for longer than a quarter of an hour. False where it is left before that. */
  settled(runId: string): Promise<boolean>;
  /** @throws Holdfast.InvalidInput for an unknown run. */
  facts(runId: string): Promise<LocalRunFacts>;
  /** What was logged of a run, oldest first. */
  logs(runId: string, query?: LogQuery): Promise<readonly LogLine[]>;
  /** The trace of a run and of those that it has started, in order of time. @throws Holdfast.InvalidInput for an unknown run. */
  segments(runId: string): Promise<readonly SegmentDocument[]>;
  /** What people are asked, open ones of some audiences, oldest first. */
  asked(audiences: readonly string[]): Promise<readonly EscalationSummary[]>;
  /** @throws Holdfast.Denied with code `unknown`. */
  escalation(id: string): Promise<{ readonly escalation: Escalation; readonly packet: Packet }>;
  decide(decision: Decision, decider: Decider): Promise<Escalation>;
}
