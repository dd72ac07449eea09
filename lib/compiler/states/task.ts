import { ErrorClass, type JsonObject, STATE_GRACE_SECONDS } from "../../contract/index.ts";
import { defaultLadder, failureEdges, gateLadder, isLeased, secondsOf, type WorkStep } from "../../definition/index.ts";
import { compileValue, jsonata } from "../expression.ts";
import { catchers } from "../failure.ts";
import { LAMBDA_INVOKE, placeholder, variableOf } from "../names.ts";
import { addQuestion } from "../question.ts";
import type { Continuation, Region } from "../region.ts";
import { stepRetriers } from "../retry.ts";

const OUTPUT = "$states.result.Payload.output";

/** The variable that holds the digest of what people have approved for a step. */
const approvedVariable = (name: string) => `${variableOf(name)}__approved`;

export const gateState = (name: string) => `${name}: gate`;

/** One Task that invokes the step's function; before it, for a gated write, the question to people. */
export function addTask(region: Region, step: WorkStep, after: Continuation): void {
  const ladder = gateLadder(region.agent, step);
  if (ladder !== undefined) addGate(region, step, ladder, after);
  region.add(step.name, {
    Type: "Task",
    Resource: LAMBDA_INVOKE,
    Arguments: {
      FunctionName: placeholder({ kind: "step", step: step.name }),
      Payload: {
        runId: jsonata("$states.context.Execution.Name"),
        path: region.pathOf(step.name),
        visit: 1,
        attempt: jsonata("$states.context.State.RetryCount + 1"),
        entered: jsonata("$states.context.State.EnteredTime"),
        input: compileValue(step.input, region.names),
        ...limitsOf(region, step),
        ...region.told,
        ...(ladder === undefined ? {} : { approved: jsonata(`$${approvedVariable(step.name)}`) }),
        ...(after.kind === "end" && region.isTop ? { final: true } : {}),
      },
    },
    TimeoutSeconds: secondsOf(step.timeout) + STATE_GRACE_SECONDS,
    Retry: stepRetriers(step, isLeased(region.agent, step)),
    Catch: catchers(region, step, step.name, after),
    Assign: { [variableOf(step.name)]: jsonata(OUTPUT) },
    ...region.leave(after, { step: step.name, result: OUTPUT }),
  });
}

/** What the step is held against the budget by; no more than that needs. */
function limitsOf({ agent, numbers }: Region, step: WorkStep): JsonObject {
  const number = numbers.get(step);
  return {
    ...(agent.budget.wallClock === undefined ? {} : { startedAt: jsonata("$states.context.Execution.StartTime") }),
    ...(number === undefined ? {} : { number: jsonata(number) }),
  };
}

function addGate(region: Region, step: WorkStep, ladder: string, after: Continuation): void {
  const onReject = failureEdges(step.onFailure, defaultLadder(region.agent)).get(ErrorClass.Rejected) ?? "compensate";
  addQuestion(region, {
    kind: "gate",
    state: gateState(step.name),
    step: step.name,
    ladder,
    request: compileValue(step.input, region.names),
    approved: {
      Next: step.name,
      Assign: { [approvedVariable(step.name)]: jsonata(`$${region.variable("decision")}.request`) },
    },
    onReject,
    after,
  });
}
