import { type Decided, type Json, type JsonObject, PLATFORM_TIMEOUT_SECONDS } from "../contract/index.ts";
import {
  type AgentDocument,
  type ChooseStep,
  isReference,
  type Step,
  standIns,
  toolGates,
} from "../definition/index.ts";
import { jsonata, text } from "./expression.ts";
import { LAMBDA_INVOKE, placeholder } from "./names.ts";
import { RECORDING } from "./retry.ts";

/** Where in a machine something is decided. */
interface Place {
  pathOf(step: string): string;
  pathExpression(step: string): string;
  readonly told: JsonObject;
  readonly carried: Json;
}

/** Whether functions are told what was decided between these steps; what containers hold is theirs. */
export const decides = (agent: AgentDocument, steps: readonly Step[]): boolean =>
  steps.some(
    (step) =>
      step.kind === "choose" ||
      standIns(step).length > 0 ||
      (step.kind === "reason" && toolGates(agent, step).size > 0),
  );

/** A branch that was taken, as bare JSONata. */
export function choice(region: Place, step: ChooseStep, chosen: string): string {
  const options = [...step.branches.map(({ name }) => name), "otherwise"];
  const by = new Set(step.branches.flatMap(({ when }) => [...namesIn(when)]));
  return way(region, { kind: "choice", step: step.name, options, chosen: text(chosen), by: [...by] });
}

/** A declared output that is taken in the place of one that failed, as bare JSONata. */
export const standIn = (region: Place, step: string, failed: Failed): string =>
  way(
    region,
    { kind: "stand-in", step, options: ["output", "continueWith"], chosen: text("continueWith"), by: [] },
    failed,
  );

/** What people have approved of a step that asked in the midst of its work, as bare JSONata. @param digest of it, as JSONata. */
export const approval = (region: Place, step: string, digest: string): string =>
  way(region, { kind: "approval", step, options: ["approve", "reject"], chosen: digest, by: [] });

/** A failure for good, as bare JSONata. */
export interface Failed {
  readonly error: string;
  /** Absent where it is a rejection. */
  readonly attempts?: string;
}

/** @param way as it is kept, but for `chosen`, which is JSONata. */
function way(
  region: Place,
  { kind, step, options, chosen, by }: Omit<Decided, "path" | "at" | keyof Failed>,
  failed?: Failed,
) {
  const list = (items: readonly string[]) => `[${items.map(text).join(", ")}]`;
  const fields = [
    `"kind": ${text(kind)}`,
    `"step": ${text(step)}`,
    `"path": ${region.pathExpression(step)}`,
    `"at": $states.context.State.EnteredTime`,
    `"options": ${list(options)}`,
    `"chosen": ${chosen}`,
    `"by": ${list(by)}`,
    ...Object.entries(failed ?? {}).map(([name, expression]) => `"${name}": ${expression}`),
  ];
  return `{${fields.join(", ")}}`;
}

/** The first names of all references: of steps, of the run's input, of an item. */
function* namesIn(value: unknown): Generator<string, void, undefined> {
  if (isReference(value)) yield value.$from.split(".")[0] ?? "";
  else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) yield* namesIn(part);
}

/** Has a function keep the ways that were taken since the last function did, at an end that no other function comes before. */
export const recording = (region: Place, unrecorded: string, { closes }: { readonly closes: boolean }) => ({
  Type: "Task" as const,
  Resource: LAMBDA_INVOKE,
  Arguments: {
    FunctionName: placeholder({ kind: "platform", name: "record-decisions" }),
    Payload: {
      runId: jsonata("$states.context.Execution.Name"),
      path: region.pathOf("end"),
      at: jsonata("$states.context.State.EnteredTime"),
      ...region.told,
      ...(closes ? { final: true } : {}),
    } satisfies JsonObject,
  },
  TimeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
  Retry: RECORDING,
  // The work is done; it does not fail for want of a note.
  Catch: [
    { ErrorEquals: ["States.DataLimitExceeded"], Output: region.carried, Next: unrecorded },
    { ErrorEquals: ["States.ALL"], Output: region.carried, Next: unrecorded },
  ],
});
