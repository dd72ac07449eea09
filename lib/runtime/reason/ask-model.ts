import { ErrorClass, HoldfastError, type ModelUsage, priceOfUsage } from "../../contract/index.ts";
import type { ErrorRule, PricedModel, ReasonDefinition } from "../../definition/index.ts";
import {
  type Clock,
  estimatedUsage,
  type ModelClient,
  type ModelRequest,
  type ModelResponse,
} from "../../ports/index.ts";
import { classify, isSurelyUnserved } from "../classify/index.ts";
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

interface Asking {
  readonly models: Models;
  readonly clock: Clock;
  readonly context: StepContext;
  /** The step's own rules. */
  readonly errors: readonly ErrorRule[];
}

/**
 * Asks the models of a route in turn, until one answers. One that has another behind it gets half of the time that is left.
 *
 * @returns with what it has cost: the answer, and the most that each model before can whose failure does not prove that it served nothing.
 * @throws what the last one failed with, or what another model could not mend.
 */
export async function askModel(
  { models, clock, context, errors }: Asking,
  route: readonly PricedModel[],
  request: Omit<ModelRequest, "model" | "signal">,
): Promise<Omit<Answered, "at">> {
  const ask = (model: string) => (signal: AbortSignal) => models(model).converse({ ...request, model, signal });
  const paid: PricedModel[] = [];
  let failure: unknown = new TypeError("A route has at least one model.");
  for (const [index, model] of route.entries()) {
    const { id } = model;
    const isLast = index === route.length - 1;
    try {
      const asking = isLast
        ? ask(id)(context.signal)
        : withinTime(clock, context.remainingMs() / 2, context.signal, ask(id), () => timedOut(id));
      const response = await asking;
      return { model: id, response, cost: sum([costOf(model, response), mostOf(paid, request)]) };
    } catch (error) {
      const classified = classify(error, errors, clock.now());
      // As it came, where there was none before: what a step's rules make of an error proves nothing.
      failure = paid.length === 0 ? error : afterOthers(classified, paid.length);
      if (!ELSEWHERE.includes(classified.name)) break;
      if (!isSurelyUnserved(error)) paid.push(model);
    }
  }
  throw failure;
}

/** That the last model refused proves nothing of those before it. */
function afterOthers(failure: HoldfastError, others: number): HoldfastError {
  const { name, code, message, retryAfterSeconds } = failure;
  const cause = { $metadata: { attempts: others + 1 }, cause: failure };
  return new HoldfastError(name, code, message, { retryAfterSeconds, cause });
}

/** What another model behind it mends; nobody else sees it. */
const timedOut = (model: string) => Object.assign(new Error(`${model} gave no answer in time.`), { code: "ETIMEDOUT" });

/** The most that a turn can cost, by estimate: of each model of its route, everything read anew and kept in a cache, answered at full length. */
export function mostOf(
  route: readonly PricedModel[],
  request: Pick<ModelRequest, "system" | "messages" | "tools" | "maxTokens">,
): Cost {
  if (route.length === 0) return NOTHING;
  const usage: ModelUsage = { ...estimatedUsage(request), outputTokens: request.maxTokens };
  const cached: ModelUsage = { ...usage, inputTokens: 0, cacheWriteTokens: usage.inputTokens };
  return sum(
    route.map(({ prices }) => ({
      tokens: usage.inputTokens + usage.outputTokens,
      usd: Math.max(priceOfUsage(prices, usage), priceOfUsage(prices, cached)) / 1_000_000,
    })),
  );
}

function costOf({ prices }: PricedModel, { usage }: ModelResponse): Required<Cost> {
  const tokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens;
  return { tokens, usd: priceOfUsage(prices, usage) / 1_000_000 };
}

const NOTHING: Required<Cost> = { tokens: 0, usd: 0 };

const sum = (costs: readonly Cost[]): Required<Cost> =>
  costs.reduce<Required<Cost>>(
    (all, { tokens = 0, usd = 0 }) => ({ tokens: all.tokens + tokens, usd: all.usd + usd }),
    NOTHING,
  );

/** Who serves a model, by the names that OpenTelemetry has for them; `_OTHER` where it has none. */
export const providerOf = (model: string): string =>
  model.startsWith("openai/") ? "openai" : model.includes("/") ? "_OTHER" : "aws.bedrock";
