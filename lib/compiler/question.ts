import { ErrorClass, type Json, type JsonObject } from "../contract/index.ts";
import type { Outcome } from "../definition/index.ts";
import { clipped, jsonata, text } from "./expression.ts";
import { ladderEntry } from "./ladder.ts";
import { targetOf } from "./outcome.ts";
import type { Continuation, Region } from "./region.ts";

interface Question {
  readonly kind: "gate" | "approval";
  readonly state: string;
  readonly step: string;
  readonly ladder: string;
  readonly request: Json;
  readonly recommendation?: Json;
  readonly approved: { readonly Next: string; readonly Assign?: JsonObject };
  readonly onReject: Outcome;
  readonly after: Continuation;
}

/** A Pass that remembers what is asked and goes to the ladder; it costs one transition, where people cost hours. */
export function addQuestion(region: Region, question: Question): void {
  const { kind, state, step, ladder, request, recommendation, approved, onReject, after } = question;
  const decision = `$${region.variable("decision")}`;
  const about = { step, path: region.pathOf(step) };
  const rejected = {
    ...about,
    kind: "failure",
    error: ErrorClass.Rejected,
    cause: jsonata(clipped(`"rejected: " & ${decision}.by & " rejected " & ${text(step)} & ". " & ${decision}.note`)),
  };
  const Next = ladderEntry(region, ladder, {
    origin: state,
    routes: [
      { decision: "approve", ...approved },
      {
        decision: "reject",
        ...targetOf(region, onReject, {
          step,
          entry: state,
          after,
          rescues: ["retry", "override"],
          incident: rejected,
          failed: { error: text(ErrorClass.Rejected) },
        }),
      },
    ],
  });
  const incident = {
    ...about,
    kind,
    origin: state,
    error: ErrorClass.NeedsHuman,
    cause: `asked: ${step} waits for approval.`,
    request,
    ...(recommendation === undefined ? {} : { recommendation }),
    decisions: ["approve", "reject"],
  };
  region.add(state, {
    Type: "Pass",
    Assign: { [region.variable("incident")]: incident },
    Output: region.carried,
    Next,
  });
}
