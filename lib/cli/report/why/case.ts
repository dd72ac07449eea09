import type { RunStatus } from "../../../contract/index.ts";
import type { AgentDocument } from "../../../definition/index.ts";
import type { StateVisit } from "../../../local/index.ts";
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
  /** Whose failure and attempts are told; what happens next, and what to do, is the run's. @default the run */
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
  /** Of all states, those of ladders and ends among them. */
  readonly history: readonly StateVisit[];
  /** What people are asked now. */
  readonly open: readonly Escalation[];
  readonly options: WhyOptions;
}

/** What is asked where something has failed; a gate or an approval is no failure. */
export const isTrouble = ({ incident: { kind } }: Escalation): boolean => kind === "failure" || kind === "compensation";

/** Of several open questions, the one that the cause comes from. */
export const askedOf = ({ open }: Case): Escalation | undefined => open.findLast(isTrouble) ?? open.at(-1);

const OBJECTIONS: readonly (string | null)[] = ["reject", "abort"];

/** Whether somebody has decided to give the run up. */
export const isObjection = ({ decision }: Escalation): boolean => OBJECTIONS.includes(decision);

/** What completed writes are undone for, as the run's items say; undefined where none are. */
export const givingUpOf = ({ facts }: Case) => facts.record?.decisions.findLast(({ kind }) => kind === "compensation");
