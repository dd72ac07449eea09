import { z } from "zod";
import { ErrorClass } from "../contract/index.ts";

/** What a rule may take an error for. The other classes are for Holdfast to tell: they say what happened to the run. */
const RULE_CLASSES = [
  ErrorClass.Throttled,
  ErrorClass.Transient,
  ErrorClass.Permanent,
  ErrorClass.Denied,
  ErrorClass.NeedsHuman,
] as const;

const Identifier = z.string().min(1).max(200);

/**
 * Takes errors of one shape for one class. A rule never makes a write safe to repeat: whether an action took effect is
 * judged without rules.
 */
export const ErrorRule = z
  .strictObject({
    when: z
      .strictObject({
        name: Identifier.optional().describe("The error's `name`, such as ThrottlingException."),
        code: Identifier.optional().describe("A `code` or `type` of the error or of its answer, such as ECONNRESET."),
        status: z.int().min(100).max(599).optional().describe("HTTP status of the answer."),
      })
      .refine((shape) => Object.values(shape).some((value) => value !== undefined), "needs a name, a code or a status")
      .meta({
        description: "All of it must be true of the error, or all of it of one that it was caused by or holds.",
        minProperties: 1,
      }),
    as: z.enum(RULE_CLASSES),
  })
  .meta({ id: "ErrorRule" });
export type ErrorRule = z.output<typeof ErrorRule>;

/** Whether the earlier of two rules matches whatever the later would. */
export const covers = ({ when: earlier }: ErrorRule, { when: later }: ErrorRule): boolean =>
  (["name", "code", "status"] as const).every((key) => earlier[key] === undefined || earlier[key] === later[key]);
