import type { Json } from "../../contract/index.ts";
import type { Outcome } from "../../definition/index.ts";
import { bounded } from "./bounded.ts";
import type { Incident } from "./incident.ts";
import { redact } from "./redact.ts";

const SHOWN_BYTES = 200;
const UNDONE = "Completed writes are undone, and the run ends as abandoned.";

/** What each decision leads to, in one sentence. @param onReject where a rejection of the step leads, if that is known. */
export function consequenceOf(decision: string, { kind, step, call }: Incident, onReject: Outcome | undefined): string {
  const isUndoing = kind === "compensation";
  switch (decision) {
    case "approve":
      if (call !== undefined) return `${step} calls ${call.tool} with exactly this, and goes on.`;
      return kind === "gate" ? `${step} writes exactly this.` : "The run goes on.";
    case "reject":
      return rejection(step, onReject);
    case "retry":
      return isUndoing ? "What is not undone yet is tried again." : `${step} is tried again.`;
    case "override":
      return `The output that you give stands in for that of ${step}, and must match its schema.`;
    case "raise":
      return `What you add goes to the run's budget, and ${step} is tried again.`;
    case "abort":
      return isUndoing ? "Those writes stay as they are, and the run ends as abandoned." : UNDONE;
    default:
      return "The run goes on as its declaration says.";
  }
}

function rejection(step: string, outcome: Outcome | undefined): string {
  if (outcome === undefined) return `The run goes on as declared for a rejection of ${step}.`;
  if (outcome === "compensate") return UNDONE;
  if (outcome === "fail") return "The run ends as failed; completed writes stay as they are.";
  if ("escalate" in outcome) return `The rejection is handed to the ladder ${outcome.escalate}.`;
  const standIn = JSON.stringify(bounded(redact(outcome.continueWith as Json), SHOWN_BYTES));
  return `The run goes on, with this in place of the output of ${step}: ${standIn}`;
}
