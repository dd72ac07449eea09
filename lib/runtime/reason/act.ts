import {
  AskedCode,
  askedIn,
  askedMessage,
  ErrorClass,
  HoldfastError,
  type Json,
  RECORD_SECONDS,
} from "../../contract/index.ts";
import { digestOf, type ReasonDefinition } from "../../definition/index.ts";
import { redact } from "../people/redact.ts";
import type { StepContext } from "../step-context.ts";
import type { ToolGateway, ToolOutcome } from "../tools/index.ts";
import type { Pace } from "./pace.ts";
import { callKey, type ToolResult, type ToolUse, type Turn, turnKey } from "./turn.ts";

/** What calls of tools are made with. */
export interface Acting {
  readonly gateway: ToolGateway;
  readonly context: StepContext;
  readonly declared: Pick<ReasonDefinition, "tools">;
  /** The step's. */
  readonly input: Json;
  readonly pace: Pace;
}

/** Calls on a turn, and those of them that read at the same time; no more than their server takes. */
const MOST_CALLS = 32;
const MOST_AT_ONCE = 8;

/**
 * Makes the calls that a model asks for: those that read at the same time, then those that write, one after the other. A call
 * that was made before, with the same input, is not made again, unless it was a reading that failed.
 *
 * @throws what ends the attempt; what was read besides is recorded then.
 */
export async function act(acting: Acting, turns: readonly Turn[], uses: readonly ToolUse[]): Promise<ToolResult[]> {
  const { declared, pace } = acting;
  const toolOf = ({ name }: ToolUse) => declared.tools.find((tool) => tool.name === name);
  const isWrite = (use: ToolUse) => toolOf(use)?.effect === "write";
  const known = new Map<string, ToolOutcome | Promise<ToolOutcome>>();
  for (const { use, key, outcome, from } of turns.flatMap(({ results }) => results)) {
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
    const outcome = notCalled(use.name, `at most ${MOST_CALLS} calls are made on a turn.`);
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

/** In bytes of JSON: so much people are shown whole. */
const LARGEST_REQUEST = 40_000;

/** Why people could not be shown the whole of a request; what they are not shown they do not approve. */
function unshowable(request: { readonly tool: string; readonly input: Json }): string | undefined {
  if (Buffer.byteLength(JSON.stringify(request)) > LARGEST_REQUEST)
    return `people decide about it, and its input is too large to be shown to them. At most ${LARGEST_REQUEST} bytes.`;
  if (digestOf(redact(request)) !== digestOf(request))
    return "people decide about it, and its input has what looks like a secret, which is not shown to them.";
  return undefined;
}

const notCalled = (name: string, why: string): ToolOutcome => ({
  ok: false,
  failure: {
    domain: "denied",
    code: "tool-not-called",
    errorClass: ErrorClass.Denied,
    message: `Tool ${name} was not called: ${why}`,
  },
  provenance: { source: "tool", name, at: "" },
});

async function call(
  { gateway, context, declared, input: given, pace }: Acting,
  turns: readonly Turn[],
  { name, input }: ToolUse,
  index: number,
): Promise<ToolOutcome> {
  const failure = gateway.refusal(name, input);
  if (failure !== undefined) return { ok: false, failure, provenance: { source: "tool", name, at: "" } };
  const tool = declared.tools.find((each) => each.name === name);
  const key = `${turnKey(turns)}.${index}-${name}`;
  if (tool?.gated) {
    const request = { tool: name, input };
    const why = unshowable(request);
    if (why !== undefined) return notCalled(name, why);
    await requireApproval(context, askedIn(key), request);
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
      if (isRepeat && !outcome.ok) throw unknownOutcome(name, outcome.failure.code);
      return outcome as Json & ToolOutcome;
    },
    {
      effect: tool?.effect ?? "write",
      trace: { gen_ai_operation_name: "execute_tool", gen_ai_tool_name: name, gen_ai_tool_call_id: key },
      traceOf: (outcome) => (outcome.ok ? {} : { error_code: outcome.failure.code }),
      ...(gateway.isRepeatable(name) ? { reconcile } : {}),
    },
  );
}

/** A tool that turns a repeat down says nothing of what it repeats. */
const unknownOutcome = (name: string, code: string) =>
  new HoldfastError(
    ErrorClass.UnknownOutcome,
    "tool-outcome-unknown",
    `Tool ${name} was asked to write, its answer was lost, and the repeat failed (${code}): the write may have taken effect. Find out, and say what came of it.`,
  );

/**
 * A write that waits for approval runs with the very input that was approved, or not at all. What is asked for is recorded:
 * people are shown it from there.
 */
async function requireApproval(
  context: StepContext,
  asked: string,
  request: { readonly tool: string; readonly input: Json },
): Promise<void> {
  await context.action(asked, async () => request, { effect: "none" });
  if (context.approvals.includes(digestOf(request))) return;
  const { tool } = request;
  throw new HoldfastError(ErrorClass.NeedsApproval, AskedCode.call, askedMessage({ asked, tool }));
}
