import { type Json, turnAction } from "../../contract/index.ts";
import type { ErrorRule, ReasonDefinition } from "../../definition/index.ts";
import type { Clock, ModelTool } from "../../ports/index.ts";
import { type Amounts, amountsOf, NOTHING, plus } from "../cost.ts";
import type { StepContext } from "../step-context.ts";
import { askModel, type Models, mostOf, providerOf, routeOf } from "./ask-model.ts";
import type { Data } from "./condition.ts";
import { messagesOf } from "./conversation.ts";
import { requireAffordable } from "./fences.ts";
import type { Pace } from "./pace.ts";
import { type Answered, readable, type Turn } from "./turn.ts";

/** What a model is asked with, whatever the turn. */
export interface Thinking {
  readonly models: Models;
  readonly clock: Clock;
  readonly context: StepContext;
  readonly name: string;
  readonly declared: ReasonDefinition;
  /** The step's own rules. */
  readonly errors: readonly ErrorRule[];
  /** Said word for word on every turn. */
  readonly system: string;
  readonly tools: readonly ModelTool[];
  /** The step's. */
  readonly input: Json;
  readonly pace: Pace;
}

/** Time that a turn needs for each model of its route: so much, or more where its longest answer takes longer to write. */
const TURN_MS = 60_000;
const TOKENS_A_SECOND = 50;

/**
 * The next answer of a model; what it may cost at most is held against the step's limits, and in the run's budget.
 *
 * @throws Holdfast.BudgetExceeded, Holdfast.Yielded, Holdfast.NeedsHuman (time), and what the last model of the route failed with
 */
export async function think(thinking: Thinking, turns: readonly Turn[], data: Data): Promise<Answered> {
  const { models, clock, context, name, declared, errors, system, tools, input, pace } = thinking;
  const { maxTokens, guardrail } = declared;
  const route = routeOf(declared, data);
  const answerMs = Math.max(TURN_MS, (maxTokens / TOKENS_A_SECOND) * 1_000);
  pace.requireTurn(answerMs * route.length, turns[0]?.at);
  const messages = messagesOf({ system, goal: declared.goal, input }, turns, declared.contextTokens);
  const request = { system, messages, tools, maxTokens, ...(guardrail === undefined ? {} : { guardrail }) };
  const cost = mostOf(route, request);
  requireAffordable(name, declared, spentOn(turns), amountsOf(cost));
  return context.action<Json & Answered>(
    turnAction(turns.length + 1),
    async ({ idempotencyKey }) => {
      pace.begin();
      const since = clock.now();
      const answer = await askModel({ models, clock, context, errors }, route, { ...request, idempotencyKey });
      const now = clock.now();
      pace.answered(now - since);
      const response = readable(answer.response);
      return { ...answer, response, at: new Date(now).toISOString() } as Json & Answered;
    },
    {
      effect: "none",
      cost,
      actualCost: (answered) => answered.cost,
      trace: { gen_ai_operation_name: "chat" },
      traceOf: ({ model, response: { stop, usage } }) => ({
        gen_ai_provider_name: providerOf(model),
        gen_ai_request_model: model,
        gen_ai_response_finish_reasons: stop,
        gen_ai_usage_input_tokens: usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
        gen_ai_usage_output_tokens: usage.outputTokens,
      }),
    },
  );
}

const spentOn = (turns: readonly Turn[]): Amounts =>
  turns.reduce((spent, { cost }) => plus(spent, amountsOf(cost)), NOTHING);
