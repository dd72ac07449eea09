import { z } from "zod";
import type { ModelPrices } from "../contract/index.ts";
import { modelPrices } from "./model-prices.ts";
import { SecretName } from "./secret-name.ts";
import { Url } from "./url.ts";

const SCRIPTED = "scripted/";
const OPENAI = "openai/";
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

const Price = z.number().min(0).max(100_000);

const Endpoint = z
  .strictObject({
    url: Url.describe("Of the API, such as https://api.openai.com/v1."),
    auth: z.strictObject({ secret: SecretName }).optional().describe("The secret that is the key."),
    limit: z
      .enum(["max_completion_tokens", "max_tokens"])
      .optional()
      .describe("What the limit of an answer is called there. Unset = max_completion_tokens."),
  })
  .meta({ id: "ModelEndpoint", description: "Where an openai/<model> is asked." });
type Endpoint = z.output<typeof Endpoint>;

/** The top-level `models` of an agent document. */
export const Models = z
  .record(
    ModelId,
    z
      .strictObject({
        prices: z
          .strictObject({ input: Price, output: Price, cacheRead: Price.optional(), cacheWrite: Price.optional() })
          .describe("US dollars per million tokens."),
        endpoint: Endpoint.optional(),
      })
      .meta({ id: "Model" }),
  )
  .refine(
    (models) => Object.entries(models).every(([id, { endpoint }]) => endpoint === undefined || id.startsWith(OPENAI)),
    `only models of ${OPENAI} have an endpoint`,
  )
  .meta({ patternProperties: { [`^(?!${OPENAI})`]: { not: { required: ["endpoint"] } } } })
  .default({});
export type Models = z.output<typeof Models>;

/** What a model costs: as the document says, else by list price; a script costs nothing. Undefined where nobody knows. */
export function pricesOf(models: Models, id: string): ModelPrices | undefined {
  if (Object.hasOwn(models, id)) return models[id]?.prices;
  return id.startsWith(SCRIPTED) ? { input: 0, output: 0 } : modelPrices(id);
}

/** Who is asked for a model. */
export type ModelSource =
  | { readonly kind: "bedrock" }
  /** `file` is relative to the agent's folder. */
  | { readonly kind: "script"; readonly file: string }
  /** `model` is what the endpoint calls it. */
  | { readonly kind: "openai"; readonly model: string; readonly endpoint: Endpoint };

/** Who is asked for a model, by its id. Undefined where its endpoint is not declared. */
export function sourceOf(models: Models, id: string): ModelSource | undefined {
  if (id.startsWith(SCRIPTED)) return { kind: "script", file: id.slice(SCRIPTED.length) };
  if (!id.startsWith(OPENAI)) return { kind: "bedrock" };
  const endpoint = Object.hasOwn(models, id) ? models[id]?.endpoint : undefined;
  return endpoint && { kind: "openai", model: id.slice(OPENAI.length), endpoint };
}
