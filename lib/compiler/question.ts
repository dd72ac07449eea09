import { ErrorClass, type Json, type JsonObject } from "../contract/index.ts";
import type { Outcome } from "../definition/index.ts";
import { clipped, jsonata, text } from "./expression.ts";
import { ladderEntry } from "./ladder.ts";
import { targetOf } from "./outcome.ts";
import type { Continuation, Handover, Region, Route } from "./region.ts";

interface Answers {
  readonly step: string;
  /** The state that asks; the origin of the incident. */
  readonly state: string;
  readonly approved: Omit<Route, "decision">;
  readonly onReject: Outcome;
  readonly after: Continuation;
}

/** What people may answer to a question. */
export const APPROVABLE = ["approve", "reject"];

/** Where people's answers to a question lead. */
export function answers(region: Region, { step, state, approved, onReject, after }: Answers): Handover {
  const decision = `$${region.variable("decision")}`;
  const rejected = {
    step,
    path: region.pathOf(step),
    kind: "failure",
    error: ErrorClass.Rejected,
    cause: jsonata(clipped(`"rejected: " & ${decision}.by & " rejected " & ${text(step)} & ". " & ${decision}.note`)),
  };
  const target = targetOf(region, onReject, {
    step,
    entry: state,
    after,
    rescues: ["retry", "override"],
    incident: rejected,
    failed: { error: text(ErrorClass.Rejected) },
  });
  return {
    origin: state,
    routes: [
      { decision: "approve", ...approved },
      { decision: "reject", ...target },
    ],
  };
}

interface Question extends Answers {
  readonly kind: "gate" | "approval";
  readonly ladder: string;
  readonly request: Json;
  readonly recommendation?: Json;
  readonly approved: { readonly Next: string; readonly Assign?: JsonObject };
}

/** A Pass that remembers what is asked and goes to the ladder; it costs one transition, where people cost hours. */
export function addQuestion(region: Region, question: Question): void {
  const { kind, state, step, ladder, request, recommendation } = question;
  const Next = ladderEntry(region, ladder, answers(region, question));
  const incident = {
    step,
    path: region.pathOf(step),
    kind,
    origin: state,
    error: ErrorClass.NeedsHuman,
    cause: `asked: ${step} waits for approval.`,
    request,
    ...(recommendation === undefined ? {} : { recommendation }),
    decisions: APPROVABLE,
  };
  region.add(state, {
    Type: "Pass",
    Assign: { [region.variable("incident")]: incident },
    Output: region.carried,
    Next,
  });
}
