import { z } from "zod";
import { Duration } from "./duration.ts";
import { Outcome } from "./policies.ts";
import { JsonSchema, NAME, NAME_RULE, StepName } from "./step-parts.ts";
import { type Condition, ConditionSchema, OutputSchema, ReferenceSchema, type Value, ValueSchema } from "./value.ts";
import { ReasonStep, TaskStep, type WorkStep } from "./work-steps.ts";

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

export type Step = WorkStep | ChooseStep | ParallelStep | EachStep | WaitStep | ApprovalStep | SubflowStep;
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
  .discriminatedUnion("kind", [
    TaskStep,
    ReasonStep,
    ChooseSchema,
    ParallelSchema,
    EachSchema,
    WaitStep,
    ApprovalStep,
    SubflowStep,
  ])
  .meta({ id: "Step" });
