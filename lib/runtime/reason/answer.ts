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

/** The way out that a model takes. Whoever asks people has not answered. */
export const exitAmong = (uses: readonly ToolUse[]): ToolUse | undefined =>
  uses.find(({ name }) => name === ASK_PEOPLE) ?? uses.find(({ name }) => name === ANSWER);

/** How often an answer that cannot be taken may be given. */
const MOST_INVALID = 3;

/**
 * What an exit yields: the output, or why it cannot be taken yet.
 *
 * @param isAmongOthers other calls were asked for with it, and an answer cannot know what they say.
 * @param before how often an answer was refused already.
 * @throws Holdfast.NeedsHuman, code `asked-by-model`; Holdfast.InvalidOutput, code `invalid-output`
 */
export function exitOf(
  step: string,
  output: JsonObject,
  { name, input }: ToolUse,
  isAmongOthers: boolean,
  before: number,
): { readonly output: Json } | { readonly wrong: string } {
  const isAnswer = name === ANSWER;
  const wrong = isAnswer && isAmongOthers ? ALONE : violations(isAnswer ? output : asksPeople, input);
  if (wrong !== undefined) {
    if (before + 1 < MOST_INVALID) return { wrong };
    const message = `Step ${step} gave ${MOST_INVALID} answers that cannot be taken. ${wrong} Say in the instructions what an answer holds, or answer in its place (override).`;
    throw new HoldfastError(ErrorClass.InvalidOutput, "invalid-output", message);
  }
  if (isAnswer) return { output: input };
  const { question, recommendation } = input as { readonly question: string; readonly recommendation?: string };
  throw new HoldfastError(ErrorClass.NeedsHuman, "asked-by-model", `Step ${step} asks: ${question}`, {
    recommendation,
  });
}

const ALONE =
  "Other calls came with it, and none was made. Make them first, and call it alone once they have answered.";
