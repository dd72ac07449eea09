import type { RunStatus } from "../../../contract/index.ts";
import type { AgentDocument } from "../../../definition/index.ts";
import type { Escalation, ReportedError } from "../../../runtime/index.ts";
import type { StepVisit } from "../places.ts";
import type { RunFacts } from "../run-facts.ts";

export interface Cause extends Pick<ReportedError, "class" | "code" | "message"> {
  readonly step: string;
  readonly path: string;
  /** The last one that was made; 0 where none was. */
  readonly attempt: number;
}

export interface WhyOptions {
  /** Only of this step. @default the run */
  readonly step?: string | undefined;
  /** Whether the run goes on without this process. */
  readonly isElsewhere: boolean;
  /** The stack that the run is in. @default this machine */
  readonly stack?: string | undefined;
}

/** What is looked at. */
export interface Case {
  readonly document: AgentDocument;
  readonly facts: RunFacts;
  readonly status: RunStatus;
  /** Of steps' own states, in the order in which they were entered. */
  readonly visits: readonly StepVisit[];
  /** What people are asked now. */
  readonly open: readonly Escalation[];
  readonly options: WhyOptions;
}
