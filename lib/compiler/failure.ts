import { ErrorClass, type JsonObject, TRANSPORT_ERRORS } from "../contract/index.ts";
import { defaultLadder, failureEdges, type Outcome, type SubflowStep, type WorkStep } from "../definition/index.ts";
import type { Catcher } from "./asl.ts";
import { abandonEntry, failEntry } from "./ends.ts";
import { clipped, jsonata } from "./expression.ts";
import { ATTEMPTS, type Rescue, TRIED, targetOf } from "./outcome.ts";
import type { Continuation, Region } from "./region.ts";
import { toolGateCatchers } from "./tool-gates.ts";

/** Names of Step Functions itself, and the error class whose edge they take. */
const ERRORS_OF_AWS = new Map<ErrorClass, readonly string[]>([
  [ErrorClass.Transient, [...TRANSPORT_ERRORS, "States.Timeout"]],
  [ErrorClass.Permanent, ["States.DataLimitExceeded"]],
]);

/** What is kept of a caught error. */
const failureIncident = (region: Region, step: string): JsonObject => ({
  kind: "failure",
  step,
  path: region.pathOf(step),
  error: jsonata("$states.errorOutput.Error"),
  cause: jsonata(clipped('"" & $states.errorOutput.Cause')),
});

/** A Catch for every error class of a step, those of the same outcome together; whatever else goes where Permanent goes. What waits for approval is not among them where the step has tools that do. */
export function catchers(region: Region, step: WorkStep | SubflowStep, entry: string, after: Continuation): Catcher[] {
  const edges = failureEdges(step.onFailure, defaultLadder(region.agent));
  const gates = step.kind === "reason" ? toolGateCatchers(region, step, after) : [];
  if (gates.length > 0) edges.delete(ErrorClass.NeedsApproval);
  const byOutcome = new Map<string, { outcome: Outcome; errors: string[] }>();
  for (const [name, outcome] of edges) {
    if (outcome === undefined) throw new TypeError(`${name} of ${step.name} has no edge; compile checked agents only.`);
    const key = JSON.stringify(outcome);
    const group = byOutcome.get(key) ?? { outcome, errors: [] };
    group.errors.push(name, ...(ERRORS_OF_AWS.get(name) ?? []));
    byOutcome.set(key, group);
  }
  // The run of a subflow is over when it fails, and its id is fixed by the step: another attempt would find it closed.
  const rescues: readonly Rescue[] = step.kind === "subflow" ? ["override"] : ["retry", "override"];
  const failed = { error: "$states.errorOutput.Error", attempts: ATTEMPTS };
  const incident = { ...failureIncident(region, step.name), ...TRIED };
  const origin = { step: step.name, entry, after, rescues, incident, failed };
  return [
    ...gates,
    ...[...byOutcome.values()].map(({ outcome, errors }) => ({
      ErrorEquals: errors,
      ...targetOf(region, outcome, origin),
    })),
    { ErrorEquals: ["States.ALL"], ...targetOf(region, edges.get(ErrorClass.Permanent) ?? "fail", origin) },
  ];
}

/** A Catch for a parallel or an each: what its regions gave up is given up here, what failed in them fails here. */
export function containerCatchers(region: Region, step: string): Catcher[] {
  const incident = region.variable("incident");
  const Output = region.carried;
  const given = { [incident]: jsonata("$parse($states.errorOutput.Cause)") };
  const failed = { [incident]: failureIncident(region, step) };
  return [
    { ErrorEquals: [ErrorClass.Abandoned], Assign: given, Output, Next: abandonEntry(region) },
    { ErrorEquals: ["States.DataLimitExceeded"], Assign: failed, Output, Next: failEntry(region) },
    { ErrorEquals: ["States.ALL"], Assign: failed, Output, Next: failEntry(region) },
  ];
}
