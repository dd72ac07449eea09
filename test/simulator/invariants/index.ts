import type { Invariant } from "../evidence.ts";
import { boughtOnce } from "./bought-once.ts";
import { budgetNeverExceeded } from "./budget-never-exceeded.ts";
import { compensationRestores } from "./compensation-restores.ts";
import { decidedByEntitled } from "./decided-by-entitled.ts";
import { decidedOnce } from "./decided-once.ts";
import { decisionsRecorded } from "./decisions-recorded.ts";
import { noLostResult } from "./no-lost-result.ts";
import { noStaleCommit } from "./no-stale-commit.ts";
import { noStepAfterFailure } from "./no-step-after-failure.ts";
import { noWriteWithoutApproval } from "./no-write-without-approval.ts";
import { oneRunPerEvent } from "./one-run-per-event.ts";
import { runEndsOrWaits } from "./run-ends-or-waits.ts";
import { runItemClosed } from "./run-item-closed.ts";
import { sameOutput } from "./same-output.ts";
import { undoKnowsCalls } from "./undo-knows-calls.ts";
import { writeExactlyOnce } from "./write-exactly-once.ts";

/** What must hold of every simulation. */
export const INVARIANTS = {
  "no-lost-result": noLostResult,
  "write-exactly-once": writeExactlyOnce,
  "no-write-without-approval": noWriteWithoutApproval,
  "no-step-after-failure": noStepAfterFailure,
  "run-ends-or-waits": runEndsOrWaits,
  "run-item-closed": runItemClosed,
  "compensation-restores": compensationRestores,
  "undo-knows-calls": undoKnowsCalls,
  "no-stale-commit": noStaleCommit,
  "one-run-per-event": oneRunPerEvent,
  "decided-once": decidedOnce,
  "decided-by-entitled": decidedByEntitled,
  "decisions-recorded": decisionsRecorded,
  "same-output": sameOutput,
  "budget-never-exceeded": budgetNeverExceeded,
  "bought-once": boughtOnce,
} as const satisfies Readonly<Record<string, Invariant>>;

export type InvariantName = keyof typeof INVARIANTS;
