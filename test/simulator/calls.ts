import { keyOf } from "../../lib/compiler/index.ts";
import { type Json, LAMBDA_GRACE_SECONDS, PLATFORM_TIMEOUT_SECONDS } from "../../lib/contract/index.ts";
import { type AgentDocument, allSteps, isWork, secondsOf } from "../../lib/definition/index.ts";
import { type FunctionHandler, TaskError } from "../../lib/local/engine/index.ts";
import { type LocalFunction, localName } from "../../lib/local/step-host.ts";
import type { FaultPlan } from "./faults.ts";
import type { Invocation } from "./invocation.ts";
import type { Truth } from "./truth.ts";

/** How the engine's calls reach functions. */
export interface Lines {
  readonly plan: FaultPlan;
  readonly truth: Truth;
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** What the engine is told of an answer. */
  readonly answered: (name: string, answer: Json) => Json;
  /** In seconds, by function; after that Lambda ends the invocation. */
  readonly limits: ReadonlyMap<string, number>;
  readonly begin: (name: string) => Invocation;
  /** Calls a function whose ports are those of the invocation. */
  readonly enter: (invocation: Invocation, call: () => Promise<Json>) => Promise<Json>;
}

/** How long each function of an agent may take; those of the platform are not listed. */
export function limitsOf({ name, steps }: AgentDocument): [string, number][] {
  return [...allSteps(steps)].flatMap((step): [string, number][] => {
    if (!isWork(step)) return [];
    const seconds = secondsOf(step.timeout) + LAMBDA_GRACE_SECONDS;
    const kinds = ["step", "undo"] as const;
    return kinds.map((kind) => [localName(name, keyOf({ kind, step: step.name })), seconds]);
  });
}

/** The function of a name as the engine calls it: across a line that loses, delays and doubles. */
export function lineTo(lines: Lines, name: string): FunctionHandler | undefined {
  const run = lines.functions.get(name);
  if (run === undefined) return undefined;
  const invoke = (payload: Json, after = 0) => invokeOnce(lines, name, run, payload, after);

  return async (payload) => {
    const fault = lines.plan.ofTask();
    if (fault === undefined) return invoke(payload).answer;
    lines.truth.note({ kind: "fault", what: Object.values(fault).join(" "), where: `call of ${name}` });
    if (fault.kind === "throttled") throw new TaskError("Lambda.TooManyRequestsException", "Rate Exceeded.");
    const { answer, sleep } = invoke(payload);
    switch (fault.kind) {
      case "answer-lost":
        await Promise.allSettled([answer]);
        throw unknown();
      case "given-up":
        return Promise.race([answer, sleep(fault.after).then(() => Promise.reject(unknown()))]);
      case "answer-late":
        await Promise.allSettled([answer]);
        await sleep(fault.by);
        return answer;
      case "doubled":
        return Promise.race([answer, invoke(payload, fault.after).answer]);
    }
  };
}

/** One invocation, which begins after a while, until it answers or dies; with a clock that goes on after its death. */
function invokeOnce(
  { plan, truth, limits, begin, enter, answered }: Lines,
  name: string,
  run: LocalFunction,
  payload: Json,
  after: number,
) {
  const invocation = begin(name);
  const limit = limits.get(name) ?? PLATFORM_TIMEOUT_SECONDS;
  if (plan.fences()) invocation.after(limit * 1_000, () => invocation.die("Sandbox.Timedout"));
  const settled = async (): Promise<Json> => {
    try {
      if (after > 0) await invocation.sleep(after);
      const result = await enter(invocation, () => run(payload));
      truth.note({ kind: "returned", name, payload, result });
      return await invocation.through("answer", async () => answered(name, result));
    } catch (error) {
      await invocation.through("answer", async () => undefined);
      throw error;
    }
  };
  const died = new Promise<never>((_, reject) =>
    invocation.onDeath((why) => {
      if (invocation.host.alive) reject(new TaskError(why, `RequestId: ${invocation.id} Error: ${why}`));
    }),
  );
  const answer = Promise.race([settled(), died]);
  answer.catch(() => undefined);
  return { answer, sleep: (milliseconds: number) => invocation.host.sleep(milliseconds) };
}

const unknown = () => new TaskError("Lambda.Unknown", "The cause of the error could not be determined.");

/** The outcome of an invocation, for a caller who hears of its death. */
export const outcomeOf = <Result>(invocation: Invocation, result: Promise<Result>): Promise<Result | "died"> =>
  Promise.race([result, new Promise<"died">((resolve) => invocation.onDeath(() => resolve("died")))]);
