import { z } from "zod";
import type { JsonObject } from "../contract/index.ts";
import { Duration } from "./duration.ts";
import { ErrorRule } from "./error-rules.ts";
import { Need } from "./needs.ts";
import { OnFailure, Outcome, Retry } from "./policies.ts";
import { type Condition, ConditionSchema, OutputSchema, ReferenceSchema, type Value, ValueSchema } from "./value.ts";

export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_RULE = "must be kebab-case: lower-case letters, digits and single hyphens, starting with a letter";

export const StepName = z.string().max(40).regex(NAME, NAME_RULE).meta({ id: "StepName" });
export const JsonSchema = z
  .custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: "must be a JSON Schema object (draft 2020-12)",
  })
  .meta({ id: "JsonSchema", type: "object", description: "A JSON Schema, draft 2020-12." });

const Handler = z
  .string()
  .regex(
    /^\.\/[A-Za-z0-9][A-Za-z0-9._/-]*\.(ts|mts|js|mjs)$/,
    'must be a module beside the agent, such as "./extract.ts"',
  )
  .refine((path) => !path.includes(".."), "must not leave the agent's folder");

/** People approve the very input of a write step before it runs; or the declaration says why nobody has to. */
export const Gate = z
  .union(
    [
      z.strictObject({ ladder: z.string() }),
      z.strictObject({ none: z.string().min(10).describe("Why nobody has to approve.") }),
    ],
    "must be { ladder: <who approves> } or { none: <why nobody has to> }",
  )
  .meta({ id: "Gate" });

/** What undoes a completed write when its run is given up; or the declaration says why nothing has to be undone. */
export const Compensate = z
  .union(
    [
      Handler.describe("Module that exports `run`, given { input, output } of the completed step."),
      z.strictObject({ none: z.string().min(10).describe("Why nothing has to be undone.") }),
    ],
    'must be a module beside the agent, such as "./cancel.ts", or { none: <why nothing has to be undone> }',
  )
  .meta({ id: "Compensate" });

export const TaskStep = z
  .strictObject({
    kind: z.literal("task"),
    name: StepName,
    handler: Handler.describe("Module that exports `run`."),
    effect: z.enum(["none", "read", "write"]).default("write"),
    input: ValueSchema.default({}),
    output: JsonSchema,
    timeout: Duration.default("60s"),
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
    gate: Gate.optional(),
    compensate: Compensate.optional(),
    needs: z.array(Need).default([]),
  })
  .meta({ id: "TaskStep" });
export type TaskStep = z.output<typeof TaskStep>;

export const WaitStep = z
  .strictObject({
    kind: z.literal("wait"),
    name: StepName,
    for: Duration.optional(),
    until: ReferenceSchema.optional().describe("An ISO 8601 time of an earlier result."),
  })
  .refine((step) => (step.for === undefined) !== (step.until === undefined), "needs either for or until")
  .meta({ id: "WaitStep" });
export type WaitStep = z.output<typeof WaitStep>;

export const ApprovalStep = z
  .strictObject({
    kind: z.literal("approval"),
    name: StepName,
    ladder: z.string(),
    request: ValueSchema.describe("What people are asked to approve."),
    recommendation: ValueSchema.optional().describe("What they are advised to do."),
    onReject: Outcome.default("compensate"),
  })
  .meta({ id: "ApprovalStep" });
export type ApprovalStep = z.output<typeof ApprovalStep>;

export const SubflowStep = z
  .strictObject({
    kind: z.literal("subflow"),
    name: StepName,
    agent: z.string().max(40).regex(NAME, NAME_RULE),
    input: ValueSchema,
    output: JsonSchema,
    timeout: Duration.default("1d"),
    onFailure: Outcome.optional().describe("Whatever the subflow failed of: its parent is told no class."),
  })
  .meta({ id: "SubflowStep" });
export type SubflowStep = z.output<typeof SubflowStep>;

export interface ChooseStep {
  readonly kind: "choose";
  readonly name: string;
  readonly branches: readonly {
    readonly name: string;
    readonly when: Condition;
    readonly steps: readonly Step[];
    readonly end?: End | undefined;
  }[];
  readonly otherwise: { readonly steps: readonly Step[]; readonly end?: End | undefined };
}

/** Ends the run here, as completed. */
export interface End {
  readonly output: Value;
}

export interface ParallelStep {
  readonly kind: "parallel";
  readonly name: string;
  readonly branches: Readonly<Record<string, { readonly steps: readonly Step[]; readonly output?: Value | undefined }>>;
}

export interface EachStep {
  readonly kind: "each";
  readonly name: string;
  readonly items: { readonly $from: string };
  readonly as: string;
  readonly concurrency: number;
  readonly steps: readonly Step[];
  readonly output?: Value | undefined;
}

export type Step = TaskStep | ChooseStep | ParallelStep | EachStep | WaitStep | ApprovalStep | SubflowStep;
export type StepKind = Step["kind"];

const Steps: z.ZodType<readonly Step[]> = z.lazy(() => z.array(StepSchema));
const EndSchema = z.strictObject({ output: OutputSchema });

const ChooseSchema = z
  .strictObject({
    kind: z.literal("choose"),
    name: StepName,
    branches: z
      .array(z.strictObject({ name: StepName, when: ConditionSchema, steps: Steps, end: EndSchema.optional() }))
      .min(1),
    otherwise: z.strictObject({ steps: Steps, end: EndSchema.optional() }),
  })
  .meta({ id: "ChooseStep" });

const ParallelSchema = z
  .strictObject({
    kind: z.literal("parallel"),
    name: StepName,
    branches: z
      .record(StepName, z.strictObject({ steps: Steps, output: OutputSchema.optional() }))
      .refine((branches) => Object.keys(branches).length > 0, "needs at least one branch"),
  })
  .meta({ id: "ParallelStep" });

const EachSchema = z
  .strictObject({
    kind: z.literal("each"),
    name: StepName,
    items: ReferenceSchema.describe("A list with a maxItems in its schema."),
    as: StepName.describe("What the item is called inside."),
    concurrency: z.int().min(1).max(40).default(10),
    steps: Steps,
    output: OutputSchema.optional().describe("The result of one item."),
  })
  .meta({ id: "EachStep" });

export const StepSchema: z.ZodType<Step> = z
  .discriminatedUnion("kind", [TaskStep, ChooseSchema, ParallelSchema, EachSchema, WaitStep, ApprovalStep, SubflowStep])
  .meta({ id: "Step" });
