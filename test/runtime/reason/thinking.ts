import type { Json } from "../../../lib/contract/index.ts";
import { allSteps, checkAgent, type StepDefinition, stepDefinition } from "../../../lib/definition/index.ts";
import { type ModelScriptSource, parseModelScript, scriptedModel } from "../../../lib/models/index.ts";
import type { ModelClient } from "../../../lib/ports/index.ts";
import { agent, desk, type Raw, reason } from "../../definition/documents.ts";
import { tool, write } from "../../definition/tool-cases.ts";

export const FIRST = "eu.amazon.nova-lite-v1:0";
export const STRONG = "eu.amazon.nova-pro-v1:0";
export const FALLBACK = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/** Two that read, a write that nobody approves, and two that people do: one knows a repeat, the other must not be repeated. */
export const TOOLS = {
  order: tool(),
  stock: tool(),
  note: write({ idempotency: "keyed" }),
  refund: write({ gate: undefined, idempotency: "keyed" }),
  letter: write({ gate: undefined }),
} as const;

/** What the function of a reasoning step knows, of an agent that passes its check. */
export function thinking(step: Raw = {}, more: Raw = {}): StepDefinition {
  const tools = (more.tools ?? TOOLS) as Raw;
  const models = { first: FIRST };
  const all = { tools: Object.keys(tools), models };
  const steps = [reason({ ...all, ...step }), reason({ ...all, name: "other" })];
  const checked = checkAgent(agent({ tools, escalations: { desk }, steps, ...more }));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  for (const found of allSteps(checked.agent.steps)) {
    if (found.kind === "reason") return stepDefinition(checked.agent, found);
  }
  throw new TypeError("The agent does not reason.");
}

type Reply = ModelScriptSource["replies"][number];
type Call = NonNullable<Reply["toolCalls"]>[number];

export const call = (name: string, id = "7"): Call => ({ name, input: { id } });
export const ANSWERED = { ok: true } as const;
export const answer = (input: Json = ANSWERED): Call => ({ name: "answer", input });

/**
 * A model that says this, turn by turn: so many calls, or a reply of a script.
 *
 * @param first replies that go before those, where they fit.
 */
export const says = (turns: readonly (Call[] | Reply)[], first: Reply[] = []): ModelClient =>
  scriptedModel(
    parseModelScript({
      replies: [
        ...first,
        ...turns.map(
          (said, turn): Reply => ({ ...(Array.isArray(said) ? { toolCalls: said } : said), when: { turn } }),
        ),
      ],
    }),
  );

/** A model that says the same on every turn. */
export const repeats = (said: Call[] | Reply): ModelClient => says(Array.from({ length: 101 }, () => said));
