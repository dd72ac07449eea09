import { z } from "zod";
import type { ModelPrices } from "../contract/index.ts";
import { modelPrices } from "./model-prices.ts";

const SCRIPTED = "scripted/";
/** A model of Bedrock has no slash in its id. */
const FORM =
  /^([a-z0-9][a-zA-Z0-9.:_-]*|scripted\/(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]*\.(json|ya?ml)|openai\/[A-Za-z0-9][A-Za-z0-9._:/-]*)$/;

/** A model, and by the beginning of its name who is asked for it. */
export const ModelId = z
  .string()
  .max(140)
  .regex(
    FORM,
    'must be a model or an inference profile of Bedrock, such as "eu.amazon.nova-pro-v1:0", "scripted/<file beside the agent>" or "openai/<model>"',
  )
  .meta({
    id: "ModelId",
    description: "A model or an inference profile of Bedrock, scripted/<file beside the agent> or openai/<model>.",
  });

export const isOfBedrock = (id: string) => !id.includes("/");

/** The file of a scripted model, relative to the agent's folder; undefined for other models. */
export const scriptOf = (id: string): string | undefined =>
  id.startsWith(SCRIPTED) ? id.slice(SCRIPTED.length) : undefined;

const Price = z.number().min(0).max(100_000);

/** The top-level `models` of an agent document. */
export const Models = z
  .record(
    ModelId,
    z
      .strictObject({
        prices: z
          .strictObject({ input: Price, output: Price, cacheRead: Price.optional(), cacheWrite: Price.optional() })
          .describe("US dollars per million tokens."),
      })
      .meta({ id: "Model" }),
  )
  .default({});
export type Models = z.output<typeof Models>;

/** What a model costs: as the document says, else by list price; a script costs nothing. Undefined where nobody knows. */
export function pricesOf(models: Models, id: string): ModelPrices | undefined {
  if (Object.hasOwn(models, id)) return models[id]?.prices;
  return scriptOf(id) === undefined ? modelPrices(id) : { input: 0, output: 0 };
}
