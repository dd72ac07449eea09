import { ANSWER, ASK_PEOPLE, ErrorClass, HoldfastError, type Json, type JsonObject } from "../../contract/index.ts";
import type { ModelTool } from "../../ports/index.ts";
import { violations } from "../json-schema.ts";
import type { ToolUse } from "./turn.ts";

const asksPeople: JsonObject = {
  type: "object",
  properties: { question: { type: "string", minLength: 1 }, recommendation: { type: "string" } },
  required: ["question"],
  additionalProperties: false,
};

/** The two ways out of a loop, as tools. @param output schema of the step's output. */
export const exits = (output: JsonObject): readonly ModelTool[] => [
  { name: ANSWER, description: "Ends the work with its result.", input: output },
  {
    name: ASK_PEOPLE,
    description: "Ends the work and asks people, where it cannot or must not be decided without them.",
    input: asksPeople,
  },
];

/** How often an answer may break its schema. */
const MOST_INVALID = 3;

/**
 * What an exit yields: the output, or why it cannot be taken yet.
 *
 * @param before how often an answer was refused already.
 * @throws Holdfast.NeedsHuman, code `asked-by-model`; Holdfast.InvalidOutput, code `invalid-output`
 */
export function exitOf(
  step: string,
  output: JsonObject,
  { name, input }: ToolUse,
  before: number,
): { readonly output: Json } | { readonly wrong: string } {
  const wrong = violations(name === ANSWER ? output : asksPeople, input);
  if (wrong !== undefined) {
    if (before + 1 < MOST_INVALID) return { wrong };
    const message = `Step ${step} answered ${MOST_INVALID} times what its output schema does not allow. ${wrong}`;
    throw new HoldfastError(ErrorClass.InvalidOutput, "invalid-output", message);
  }
  if (name === ANSWER) return { output: input };
  const { question, recommendation } = input as { readonly question: string; readonly recommendation?: string };
  throw new HoldfastError(ErrorClass.NeedsHuman, "asked-by-model", `Step ${step} asks: ${question}`, {
    recommendation,
  });
}
