import { z } from "zod";
import { ErrorClass, HoldfastError, type Json } from "../contract/index.ts";

const Usage = z.strictObject({
  inputTokens: z.int().min(0).default(0),
  cacheReadTokens: z.int().min(0).default(0),
  cacheWriteTokens: z.int().min(0).default(0),
  outputTokens: z.int().min(0).default(0),
});

const JsonValue: z.ZodType<Json, Json> = z.json();

const ToolCall = z.strictObject({ name: z.string().min(1), input: JsonValue.default({}) });

/** What all must be true of a request; nothing said is true of every request. */
const When = z.strictObject({
  turn: z.int().min(0).optional().describe("How often the model has answered in this conversation."),
  model: z.string().min(1).optional().describe("The model that is asked."),
  goal: z.string().min(1).optional().describe("Text of the system prompt or the first message."),
  said: z.string().min(1).optional().describe("Text of the last message."),
  result: z.string().min(1).optional().describe("Text of a tool's result in the last message, which is JSON."),
});

const FAULTS = ["throttle", "timeout", "outage", "malformed", "truncated", "filtered"] as const;
export type FaultKind = (typeof FAULTS)[number];

const Fault = z.strictObject({
  fault: z.enum(FAULTS),
  times: z.int().min(1).max(1_000).default(1),
  retryAfterSeconds: z.number().min(0).optional(),
});

const Reply = z.strictObject({
  when: When.default({}),
  text: z.string().optional(),
  toolCalls: z.array(ToolCall).default([]),
  stop: z.enum(["end", "tool-use", "max-tokens", "filtered", "malformed", "context-full"]).optional(),
  usage: Usage.optional(),
  faults: z.array(Fault).default([]),
});
export type ScriptedReply = z.output<typeof Reply>;

const ModelScript = z.strictObject({ replies: z.array(Reply).min(1) });
/** What a scripted model says: of the replies, the first that fits. */
export type ModelScript = z.output<typeof ModelScript>;
/** The same as written by hand: what has a default may be left out. */
export type ModelScriptSource = z.input<typeof ModelScript>;

/** @throws Holdfast.InvalidInput with code `script-invalid`, which names every place that is wrong */
export function parseModelScript(source: unknown, name = "The script"): ModelScript {
  const parsed = ModelScript.safeParse(source);
  if (parsed.success) return parsed.data;
  throw scriptInvalid(
    name,
    parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; "),
  );
}

export const scriptInvalid = (name: string, why: string) =>
  new HoldfastError(ErrorClass.InvalidInput, "script-invalid", `${name} is no script of a model: ${why}`);
