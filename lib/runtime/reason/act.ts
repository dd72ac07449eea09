import {
  AskedCode,
  askedAction,
  askedMessage,
  callAction,
  ErrorClass,
  HoldfastError,
  type Json,
  RECORD_SECONDS,
} from "../../contract/index.ts";
import { digestOf, type ReasonDefinition } from "../../definition/index.ts";
import type { RunStore } from "../../ports/index.ts";
import type { StepContext } from "../step-context.ts";
import type { ToolGateway, ToolOutcome } from "../tools/index.ts";
import { callsThatHold } from "./calls-that-hold.ts";
import type { Pace } from "./pace.ts";
import { callKey, notCalled, type ToolResult, type ToolUse, type Turn } from "./turn.ts";
import { type CallRequest, unshowable } from "./unshowable.ts";

/** What calls of tools are made with. */
export interface Acting {
  readonly gateway: ToolGateway;
  readonly context: StepContext;
  readonly declared: Pick<ReasonDefinition, "tools" | "hides">;
  readonly store: Pick<RunStore, "get" | "query">;
  /** The step's. */
  readonly input: Json;
  readonly pace: Pace;
}

/** Calls on a turn, and those of them that read at the same time; no more than their server takes. */
const MOST_CALLS = 32;
const MOST_AT_ONCE = 8;

/**
 * Makes the calls that a model asks for: those that read at the same time, then those that write, one after the other. A write
 * that was made before, with the same input, is not made again; nor is a reading that succeeded, until the next write.
 *
 * @throws what ends the attempt; what was read besides is recorded then.
 */
export async function act(acting: Acting, turns: readonly Turn[], uses: readonly ToolUse[]): Promise<ToolResult[]> {
  const { declared, pace } = acting;
  const toolOf = ({ name }: ToolUse) => declared.tools.find((tool) => tool.name === name);
  const isWrite = (use: ToolUse) => toolOf(use)?.effect === "write";
  const known = new Map<string, ToolOutcome | Promise<ToolOutcome>>();
  for (const { use, key, outcome, from } of callsThatHold(turns, declared.tools)) {
    if (from === "call" && (outcome.ok || isWrite(use))) known.set(key, outcome);
  }
  const perform = async (use: ToolUse, index: number): Promise<ToolResult> => {
    const key = callKey(use);
    const before = known.get(key);
    if (before !== undefined) return { use, key, outcome: await before, from: "record" };
    const calling = call(acting, turns, use, index);
    known.set(key, calling);
    return { use, key, outcome: await calling, from: "call" };
  };
  const numbered = uses.map((use, index) => ({ use, index }));
  const results = new Map<ToolUse, ToolResult>();
  for (const { use } of numbered.splice(MOST_CALLS)) {
    const outcome = turnedDown(use.name, `at most ${MOST_CALLS} calls are made on a turn.`);
    results.set(use, { use, key: callKey(use), outcome, from: "nothing" });
  }
  const reading = numbered.filter(({ use }) => !isWrite(use));
  const width = Math.min(MOST_AT_ONCE, ...reading.map(({ use }) => toolOf(use)?.bulkhead.concurrency ?? MOST_AT_ONCE));
  while (reading.length > 0) {
    const batch = reading.splice(0, width);
    const seconds = Math.max(...batch.map(({ use }) => toolOf(use)?.timeoutSeconds ?? 0));
    pace.requireCall((seconds + RECORD_SECONDS) * 1_000, "read");
    for (const each of await Promise.allSettled(batch.map(({ use, index }) => perform(use, index)))) {
      if (each.status === "rejected") throw each.reason;
      results.set(each.value.use, each.value);
    }
  }
  for (const { use, index } of numbered.filter(({ use }) => isWrite(use))) results.set(use, await perform(use, index));
  return uses.flatMap((use) => results.get(use) ?? []);
}

const turnedDown = (name: string, why: string) => notCalled(name, `Tool ${name} was not called: ${why}`);

async function call(
  acting: Acting,
  turns: readonly Turn[],
  { name, input }: ToolUse,
  index: number,
): Promise<ToolOutcome> {
  const { gateway, context, declared, input: given, pace } = acting;
  const failure = gateway.refusal(name, input);
  if (failure !== undefined) return { ok: false, failure, provenance: { source: "tool", name, at: "" } };
  const tool = declared.tools.find((each) => each.name === name);
  const key = callAction(turns.length + 1, index, name);
  if (tool?.gated) {
    const why = await requireApproval(acting, turns, askedAction(key), { tool: name, input });
    if (why !== undefined) return turnedDown(name, why);
  }
  if (tool?.effect === "write") pace.requireCall((tool.timeoutSeconds + RECORD_SECONDS) * 1_000, "write");
  let isRepeat = false;
  const reconcile = async () => {
    isRepeat = true;
    return { outcome: "repeat" } as const;
  };
  return context.action<Json & ToolOutcome>(
    key,
    async ({ idempotencyKey }) => {
      pace.begin();
      const request = { name, input, given, idempotencyKey, signal: context.signal };
      const outcome = await gateway.call(request);
      const failed = failedWith(outcome);
      if (isRepeat && failed !== undefined) throw unknownOutcome(name, failed);
      return outcome as Json & ToolOutcome;
    },
    {
      effect: tool?.effect ?? "write",
      trace: { gen_ai_operation_name: "execute_tool", gen_ai_tool_name: name, gen_ai_tool_call_id: key },
      traceOf: (outcome) => {
        const code = failedWith(outcome);
        return code === undefined ? {} : { error_code: code };
      },
      ...(gateway.isRepeatable(name) ? { reconcile } : {}),
    },
  );
}

/** The code of its failure, also where something stands in for it. */
const failedWith = (outcome: ToolOutcome) => (outcome.ok ? outcome.provenance.fallback?.code : outcome.failure.code);

/** A tool that turns a repeat down says nothing of what it repeats, and what stands in for it knows nothing of that. */
const unknownOutcome = (name: string, code: string) =>
  new HoldfastError(
    ErrorClass.UnknownOutcome,
    "tool-outcome-unknown",
    `Tool ${name} was asked to write, its answer was lost, and the repeat failed (${code}): the write may have taken effect. Find out, and say what came of it.`,
  );

/**
 * A write that waits for approval runs with the very input that was approved, or not at all. What is asked for is recorded:
 * people are shown it from there. So is that they could not be shown it, since what they are not shown may change meanwhile.
 *
 * @returns why people are not asked.
 */
async function requireApproval(
  { store, context, declared }: Acting,
  turns: readonly Turn[],
  asked: string,
  request: CallRequest,
): Promise<string | undefined> {
  const ask = async (): Promise<CallRequest | { readonly unasked: string }> => {
    const unasked = await unshowable(store, declared, context.runId, turns, request);
    return unasked === undefined ? request : { unasked };
  };
  const recorded = await context.action(asked, ask, { effect: "none" });
  if ("unasked" in recorded) return recorded.unasked;
  if (context.approvals.includes(digestOf(request))) return undefined;
  const { tool } = request;
  throw new HoldfastError(ErrorClass.NeedsApproval, AskedCode.call, askedMessage({ asked, tool }));
}
