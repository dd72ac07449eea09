import { z } from "zod";
import { isObject, type JsonObject } from "../contract/index.ts";

export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const NAME_RULE = "must be kebab-case: lower-case letters, digits and single hyphens, starting with a letter";

export const StepName = z.string().max(40).regex(NAME, NAME_RULE).meta({ id: "StepName" });
export const JsonSchema = z
  .custom<JsonObject>(isObject, { error: "must be a JSON Schema object (draft 2020-12)" })
  .meta({ id: "JsonSchema", type: "object", description: "A JSON Schema, draft 2020-12." });

export const Handler = z
  .string()
  .regex(
    /^\.\/[A-Za-z0-9][A-Za-z0-9._/-]*\.(ts|mts|js|mjs)$/,
    'must be a module beside the agent, such as "./extract.ts"',
  )
  .refine((path) => !path.includes(".."), "must not leave the agent's folder");

/** What something does to the world outside the run. */
export const Effect = z.enum(["none", "read", "write"]);
export type Effect = z.output<typeof Effect>;

/** People approve the very input of a write before it runs; or the declaration says why nobody has to. */
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
