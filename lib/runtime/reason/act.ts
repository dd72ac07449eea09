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
  const reading = numbered.filter(({ use }) => !isWrite(use));
  const seconds = Math.max(0, ...reading.map(({ use }) => toolOf(use)?.timeoutSeconds ?? 0));
  if (reading.length > 0) pace.requireCall((seconds + RECORD_SECONDS) * 1_000, "read");
  const results = new Map<ToolUse, ToolResult>();
  for (const each of await Promise.allSettled(reading.map(({ use, index }) => perform(use, index)))) {
    if (each.status === "rejected") throw each.reason;
    results.set(each.value.use, each.value);
  }
  for (const { use, index } of numbered.filter(({ use }) => isWrite(use))) results.set(use, await perform(use, index));
  return uses.flatMap((use) => results.get(use) ?? []);
}

/** In bytes of JSON: so much people are shown whole. */
const LARGEST_REQUEST = 40_000;

const tooLarge = (name: string): ToolOutcome => ({
  ok: false,
  failure: {
    domain: "denied",
    code: "tool-not-called",
    errorClass: ErrorClass.Denied,
    message: `Tool ${name} was not called: people decide about it, and its input is too large to be shown to them. At most ${LARGEST_REQUEST} bytes.`,
  },
  provenance: { source: "tool", name, at: "" },
});

async function call(
  { gateway, context, declared, input: given, pace }: Acting,
  turns: readonly Turn[],
  { id, name, input }: ToolUse,
  index: number,
): Promise<ToolOutcome> {
  const failure = gateway.refusal(name, input);
  if (failure !== undefined) return { ok: false, failure, provenance: { source: "tool", name, at: "" } };
  const tool = declared.tools.find((each) => each.name === name);
  const key = `${turnKey(turns)}.${index}-${name}`;
  if (tool?.gated) {
    const request = { tool: name, input };
    if (Buffer.byteLength(JSON.stringify(request)) > LARGEST_REQUEST) return tooLarge(name);
    await requireApproval(context, askedIn(key), request);
  }
  if (tool?.effect === "write") pace.requireCall((tool.timeoutSeconds + RECORD_SECONDS) * 1_000, "write");
  return context.action<Json & ToolOutcome>(
    key,
    async ({ idempotencyKey }) => {
      pace.begin();
      const request = { name, input, given, idempotencyKey, signal: context.signal };
      return (await gateway.call(request)) as Json & ToolOutcome;
    },
    {
      effect: tool?.effect ?? "write",
      trace: { gen_ai_operation_name: "execute_tool", gen_ai_tool_name: name, gen_ai_tool_call_id: id },
      traceOf: (outcome) => (outcome.ok ? {} : { error_code: outcome.failure.code }),
      ...(gateway.isRepeatable(name) ? { reconcile: async () => ({ outcome: "absent" as const }) } : {}),
    },
  );
}

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
