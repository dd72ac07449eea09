import { z } from "zod";
import { Duration } from "./duration.ts";
import { ErrorRule } from "./error-rules.ts";
import { ModelId } from "./models.ts";
import { GUARDRAIL, Need } from "./needs.ts";
import { OnFailure, Retry } from "./policies.ts";
import { Compensate, Effect, Gate, Handler, JsonSchema, StepName } from "./step-parts.ts";
import { ConditionSchema, ValueSchema } from "./value.ts";

/** What everything has that runs as a function. */
const WORK = {
  name: StepName,
  input: ValueSchema.default({}),
  output: JsonSchema,
  memory: z.int().min(128).max(10_240).default(512).describe("MB"),
  reservedConcurrency: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      "Invocations at a time, over all runs: Lambda reserves them for the step's function, and runs no more. Unset = as the account allows.",
    ),
  retry: Retry.default("standard"),
  errors: z
    .array(ErrorRule)
    .max(20)
    .default([])
    .describe("Read before Holdfast's own classification, first match wins."),
  onFailure: OnFailure.optional(),
  compensate: Compensate.optional(),
  needs: z.array(Need).default([]),
};

/** Code of the agent's own. */
export const TaskStep = z
  .strictObject({
    kind: z.literal("task"),
    ...WORK,
    handler: Handler.describe("Module that exports `run`."),
    effect: Effect.default("write"),
    timeout: Duration.default("60s"),
    gate: Gate.optional(),
  })
  .meta({ id: "TaskStep" });
export type TaskStep = z.output<typeof TaskStep>;

const Limits = z
  .strictObject({
    turns: z.int().min(1).max(100).default(20),
    tokens: z.int().positive().optional(),
    usd: z.number().positive().optional(),
    time: Duration.optional().describe("From the first answer of a model on, waiting for people included."),
  })
  .prefault({})
  .meta({ id: "ReasonLimits", description: "People are asked beyond them." });

/** A model that thinks and calls tools, turn after turn, until it has the output. Its effect is the strongest of its tools'. */
export const ReasonStep = z
  .strictObject({
    kind: z.literal("reason"),
    ...WORK,
    goal: z.string().min(1).max(4_000),
    instructions: z.string().min(1).max(50_000).describe("Said word for word on every turn."),
    tools: z
      .array(StepName)
      .min(1)
      .max(64)
      .refine((names) => new Set(names).size === names.length, "must name each tool once")
      .meta({ description: "Of the agent's tools, those that may be called.", uniqueItems: true }),
    models: z.strictObject({
      first: ModelId,
      strong: z
        .strictObject({ model: ModelId, when: ConditionSchema })
        .optional()
        .describe("Asked instead of the first once `when` holds."),
      fallback: ModelId.optional().describe("Asked when the other cannot be."),
    }),
    guardrail: z
      .strictObject({
        id: z.string().regex(GUARDRAIL, "must be the id of a guardrail: small letters and digits"),
        version: z.string().regex(/^([1-9]\d{0,7}|DRAFT)$/, "must be a number or DRAFT"),
      })
      .optional()
      .describe("Of Bedrock: looks at what its models are told, and at what they say."),
    maxTokens: z.int().min(1).max(200_000).default(4_096).describe("Of one answer."),
    limits: Limits,
    enough: ConditionSchema.optional().describe(
      "Once it holds, no tool is called any more, and the model has to answer.",
    ),
    contextTokens: z
      .int()
      .min(4_000)
      .max(2_000_000)
      .default(60_000)
      .describe("Of a conversation, estimated; what old calls answered is left out beyond them."),
    timeout: Duration.default("5m").describe("Of one attempt; a loop that takes longer goes on in the next."),
  })
  .meta({ id: "ReasonStep" });
export type ReasonStep = z.output<typeof ReasonStep>;

/** The models that a reasoning step names, and where in the step. */
export const modelPlaces = ({ models: { first, strong, fallback } }: ReasonStep) =>
  [
    { place: "models.first", id: first },
    { place: "models.strong.model", id: strong?.model },
    { place: "models.fallback", id: fallback },
  ].flatMap(({ place, id }) => (id === undefined ? [] : [{ place, id }]));

/** The ids of the models that a reasoning step may ask, once each. */
export const modelsAsked = (step: ReasonStep): string[] => [...new Set(modelPlaces(step).map(({ id }) => id))];

/** A step that runs as a function. */
export type WorkStep = TaskStep | ReasonStep;

export const isWork = (step: { readonly kind: string }): step is WorkStep =>
  step.kind === "task" || step.kind === "reason";
