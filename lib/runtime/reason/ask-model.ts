import { ErrorClass, type HoldfastError, type ModelUsage, priceOfUsage } from "../../contract/index.ts";
import type { PricedModel, ReasonDefinition } from "../../definition/index.ts";
import { type Clock, estimatedUsage, type ModelClient, type ModelRequest } from "../../ports/index.ts";
import { classify } from "../classify/index.ts";
import type { Cost } from "../cost.ts";
import type { StepContext } from "../step-context.ts";
import { withinTime } from "../tools/within-time.ts";
import { type Data, holds } from "./condition.ts";
import type { Answered } from "./turn.ts";

/** The client of a model, by its id. @throws for an id that no adapter is for. */
export type Models = (id: string) => ModelClient;

/** The model of the next turn, and the one that is asked when that cannot be. */
export function routeOf({ models: { first, strong, fallback } }: ReasonDefinition, data: Data): readonly PricedModel[] {
  const chosen = strong !== undefined && holds(strong.when, data) ? strong : first;
  return fallback === undefined || fallback.id === chosen.id ? [chosen] : [chosen, fallback];
}

/** An outage or a queue is no reason to wait as long as another model is there. */
const ELSEWHERE: readonly string[] = [ErrorClass.Transient, ErrorClass.Throttled];

/**
 * Asks the models of a route in turn, until one answers. One that has another behind it gets half of the time that is left.
 *
 * @throws what the last one failed with, or what another model could not mend.
 */
export async function askModel(
  { models, clock, context }: { readonly models: Models; readonly clock: Clock; readonly context: StepContext },
  route: readonly PricedModel[],
  request: Omit<ModelRequest, "model" | "signal">,
): Promise<Omit<Answered, "at">> {
  const ask = (model: string) => (signal: AbortSignal) => models(model).converse({ ...request, model, signal });
  let failure: HoldfastError | undefined;
  for (const [index, { id }] of route.entries()) {
    const isLast = index === route.length - 1;
    try {
      const asking = isLast
        ? ask(id)(context.signal)
        : withinTime(clock, context.remainingMs() / 2, context.signal, ask(id), () => timedOut(id));
      return { model: id, response: await asking };
    } catch (error) {
      failure = classify(error);
      if (!ELSEWHERE.includes(failure.name)) throw failure;
    }
  }
  throw failure ?? new TypeError("A route has at least one model.");
}

/** What another model behind it mends; nobody else sees it. */
const timedOut = (model: string) => Object.assign(new Error(`${model} gave no answer in time.`), { code: "ETIMEDOUT" });

/** The most that a turn can cost: the dearest of its route, everything read anew and kept in a cache, answered at full length. */
export function mostOf(
  route: readonly PricedModel[],
  request: Pick<ModelRequest, "system" | "messages" | "tools" | "maxTokens">,
): Cost {
  const usage: ModelUsage = { ...estimatedUsage(request), outputTokens: request.maxTokens };
  const cached: ModelUsage = { ...usage, inputTokens: 0, cacheWriteTokens: usage.inputTokens };
  const microUsd = Math.max(
    ...route.flatMap(({ prices }) => [usage, cached].map((each) => priceOfUsage(prices, each))),
  );
  return { tokens: usage.inputTokens + usage.outputTokens, usd: microUsd / 1_000_000 };
}

export function costOf(
  route: readonly PricedModel[],
  { model, response: { usage } }: Pick<Answered, "model" | "response">,
): Cost {
  const prices = route.find(({ id }) => id === model)?.prices;
  const tokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens;
  return { tokens, usd: prices === undefined ? 0 : priceOfUsage(prices, usage) / 1_000_000 };
}

/** Who serves a model, by the names that OpenTelemetry has for them; `_OTHER` where it has none. */
export const providerOf = (model: string): string =>
  model.startsWith("openai/") ? "openai" : model.includes("/") ? "_OTHER" : "aws.bedrock";
