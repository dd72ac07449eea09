import { PLATFORM_TIMEOUT_SECONDS, STATE_GRACE_SECONDS } from "../contract/index.ts";
import { defaultLadder, secondsOf, type UndoableStep, type WorkStep } from "../definition/index.ts";
import { abandonedEntry, incidentIn } from "./ends.ts";
import { clipped, jsonata, text } from "./expression.ts";
import { ladderEntry } from "./ladder.ts";
import { LAMBDA_INVOKE, placeholder } from "./names.ts";
import type { Region } from "./region.ts";
import { undoRetriers } from "./retry.ts";

/** The state that undoes one step. */
export const UNDO_STATE = "undo step";

/** What the record needs of the incident. */
const PLANNED = ["step", "path", "error", "attempts", "entered"];

const PLANNING_FAILED = "compensate: not planned";

/**
 * The way out of a run with writes: ask the store which were completed, undo them one after the other, last first, and
 * hand what was not undone to people.
 */
export function addCompensation(region: Region): void {
  const { undoable, lasting } = region.writes;
  const namesOf = (steps: readonly WorkStep[]) => steps.map((step) => step.name);
  region.add("compensate", {
    Type: "Task",
    Resource: LAMBDA_INVOKE,
    Arguments: {
      FunctionName: placeholder({ kind: "platform", name: "plan-compensation" }),
      Payload: {
        runId: jsonata("$states.context.Execution.Name"),
        steps: namesOf(undoable),
        lasting: namesOf(lasting),
        incident: jsonata(incidentIn(region, PLANNED)),
        ...region.told,
      },
    },
    TimeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
    Retry: undoRetriers([...undoable, ...lasting]),
    Catch: [
      { ErrorEquals: ["States.DataLimitExceeded"], Output: {}, Next: PLANNING_FAILED },
      { ErrorEquals: ["States.ALL"], Output: {}, Next: PLANNING_FAILED },
    ],
    Assign: { undo: jsonata("$states.result.Payload.steps"), lasting: jsonata("$states.result.Payload.lasting") },
    ...(undoable.length > 0 ? { Output: {}, Next: "undo" } : { Output: { notUndone: [] }, Next: "undone" }),
  });
  region.add(PLANNING_FAILED, {
    Type: "Pass",
    Assign: { incident: notUndone('"not known: the completed writes could not be listed"') },
    Output: {},
    Next: handOverEntry(region),
  });
  if (undoable.length > 0) addUndo(region, undoable);
  region.add("undone", {
    Type: "Choice",
    Choices: [
      {
        Condition: jsonata("$count($states.input.notUndone) + $count($lasting) > 0"),
        Assign: { incident: notUndone('$join($append($states.input.notUndone, $lasting), ", ")') },
        Output: {},
        Next: handOverEntry(region),
      },
    ],
    Default: abandonedEntry(region),
    Output: {},
  });
}

function addUndo(region: Region, steps: readonly UndoableStep[]): void {
  region.add("undo", {
    Type: "Map",
    Items: jsonata("$undo"),
    MaxConcurrency: 1,
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: UNDO_STATE, States: undoStates(steps) },
    Catch: [
      { ErrorEquals: ["States.DataLimitExceeded"], Output: {}, Next: PLANNING_FAILED },
      { ErrorEquals: ["States.ALL"], Output: {}, Next: PLANNING_FAILED },
    ],
    Output: { notUndone: jsonata("[$states.result[undone = false].path]") },
    Next: "undone",
  });
}

const notUndone = (list: string) => ({
  kind: "compensation",
  step: "compensate",
  path: "compensate",
  origin: "compensate",
  error: jsonata("$incident.error"),
  cause: jsonata(clipped(`"not-undone: Not undone: " & ${list} & ". " & $incident.cause`)),
  decisions: ["retry", "abort"],
});

function handOverEntry(region: Region): string {
  const ladder = defaultLadder(region.agent);
  if (ladder === undefined) return abandonedEntry(region);
  return ladderEntry(
    region,
    ladder,
    { origin: "compensate", routes: [{ decision: "retry", Next: "compensate" }] },
    { purpose: "undo", giveUp: abandonedEntry(region) },
  );
}

function undoStates(steps: readonly UndoableStep[]) {
  const functions = steps.map((step) => `${text(step.name)}: "${placeholder({ kind: "undo", step: step.name })}"`);
  return {
    [UNDO_STATE]: {
      Type: "Task",
      Resource: LAMBDA_INVOKE,
      Arguments: {
        FunctionName: jsonata(`$lookup({${functions.join(", ")}}, $states.input.step)`),
        Payload: {
          runId: jsonata("$states.context.Execution.Name"),
          path: jsonata("$states.input.path"),
          visit: jsonata("$states.input.visit"),
          attempt: jsonata("$states.context.State.RetryCount + 1"),
          entered: jsonata("$states.context.State.EnteredTime"),
        },
      },
      TimeoutSeconds: Math.max(...steps.map((step) => secondsOf(step.timeout))) + STATE_GRACE_SECONDS,
      Retry: undoRetriers(steps),
      Catch: [
        { ErrorEquals: ["States.DataLimitExceeded"], Output: undone(false), Next: "not undone" },
        { ErrorEquals: ["States.ALL"], Output: undone(false), Next: "not undone" },
      ],
      Output: undone(true),
      End: true,
    },
    "not undone": { Type: "Succeed" },
  } as const;
}

const undone = (value: boolean) => ({ path: jsonata("$states.input.path"), undone: value });
