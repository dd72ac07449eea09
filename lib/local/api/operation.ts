import { z } from "zod";
import type { JsonObject } from "../../contract/index.ts";
import { ApiError } from "./api-error.ts";

/** One operation of the API: the members of a request in, those of the answer out. */
export type Operation = (members: JsonObject) => Promise<object>;

/** Operations by the names that AWS gives them. */
export type Operations = Readonly<Record<string, Operation>>;

/** An operation that is called only with what has the shape of its request. Members that AWS knows and it does not are ignored. */
export const operation =
  <Shape extends z.ZodType>(shape: Shape, run: (request: z.output<Shape>) => Promise<object>): Operation =>
  async (members) =>
    run(read(shape, members));

/** Lengths as the service's model has them: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export const arn = z.string().min(1).max(256);
export const data = z.string().max(262_144);
export const error = z.string().max(256).exactOptional();
export const cause = z.string().max(32_768).exactOptional();

function read<Shape extends z.ZodType>(shape: Shape, members: JsonObject): z.output<Shape> {
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
  const result = shape.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  const { issues } = result.error;
  const mistyped = issues.find((issue) => issue.code === "invalid_type" && issue.input !== undefined);
  if (mistyped !== undefined)
    throw new ApiError("SerializationException", `${placeOf(mistyped)} has a value of the wrong type.`);
  const problems = issues.map(
    (issue) =>
      `Value ${shown(issue.input)} at '${placeOf(issue)}' failed to satisfy constraint: ${constraintOf(issue)}`,
  );
  const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected`;
  throw new ApiError("ValidationException", `${count}: ${problems.join("; ")}`);
}

const LONGEST_SHOWN = 200;

const shown = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? `'${String(value).slice(0, LONGEST_SHOWN)}'` : "null";

const placeOf = ({ path }: z.core.$ZodIssue) =>
  path.map((step) => (typeof step === "number" ? `${step + 1}.member` : String(step))).join(".");

function constraintOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return `Member must have ${measureOf(issue.origin)} greater than or equal to ${issue.minimum}`;
    case "too_big":
      return `Member must have ${measureOf(issue.origin)} less than or equal to ${issue.maximum}`;
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.join(", ")}]`;
    default:
      return "Member must not be null";
  }
}

const measureOf = (origin: string) => (origin === "string" || origin === "array" ? "length" : "value");
