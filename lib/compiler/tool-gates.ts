import { AskedCode, ErrorClass } from "../contract/index.ts";
import { defaultLadder, failureEdges, toolGates, type WorkStep } from "../definition/index.ts";
import type { Catcher } from "./asl.ts";
import { jsonata, text } from "./expression.ts";
import { ladderEntry } from "./ladder.ts";
import { TRIED } from "./outcome.ts";
import { APPROVABLE, answers } from "./question.ts";
import type { Continuation, Region } from "./region.ts";
import { approval } from "./trail.ts";

/** What the function says of the call that waits: its tool, and the action that has recorded what is asked for. */
const ASKED = `$contains($states.errorOutput.Cause, ${text(`${AskedCode.call}: {`)}) ? $parse($substringAfter($parse($states.errorOutput.Cause).errorMessage, ${text(`${AskedCode.call}: `)})) : {}`;

/**
 * A Catch for the calls of a step's tools that wait for people. Their question goes to the ladder of the tool; approved, the
 * step goes on from what it has recorded. Nothing for a step without such tools.
 */
export function toolGateCatchers(region: Region, step: WorkStep, after: Continuation): Catcher[] {
  const { name } = step;
  const gates = [...toolGates(region.agent, step)];
  if (gates.length === 0) return [];
  const approved = approval(region, name, `$${region.variable("decision")}.request`);
  const handover = answers(region, {
    step: name,
    state: name,
    approved: { Next: name, Output: region.deciding(approved) },
    onReject: failureEdges(step.onFailure, defaultLadder(region.agent)).get(ErrorClass.Rejected) ?? "compensate",
    after,
  });
  const entries = gates.map(([ladder, tools]) => ({ tools, Next: ladderEntry(region, ladder, handover) }));
  const incident = {
    kind: "gate",
    step: name,
    path: region.pathOf(name),
    origin: name,
    error: ErrorClass.NeedsApproval,
    cause: `asked: a call of ${name} waits for approval.`,
    call: jsonata(ASKED),
    ...TRIED,
    decisions: APPROVABLE,
  };
  return [
    {
      ErrorEquals: [ErrorClass.NeedsApproval],
      Assign: { [region.variable("incident")]: incident },
      Output: region.carried,
      Next: gateOf(region, name, entries),
    },
  ];
}

/** The ladder where there is one; where tools have different ones, a Choice by the tool. */
function gateOf(
  region: Region,
  step: string,
  entries: readonly { readonly tools: readonly string[]; readonly Next: string }[],
) {
  const [first, ...others] = entries;
  if (first === undefined) throw new TypeError(`No tool of ${step} is gated.`);
  if (others.length === 0) return first.Next;
  const asked = `$${region.variable("incident")}.call.tool`;
  const state = `${step}: gate`;
  region.add(state, {
    Type: "Choice",
    Choices: others.map(({ tools, Next }) => ({
      Condition: jsonata(`${asked} in [${tools.map(text).join(", ")}]`),
      Output: region.carried,
      Next,
    })),
    Default: first.Next,
    Output: region.carried,
  });
  return state;
}
