import {
  ANSWER,
  ASK_PEOPLE,
  AskedCode,
  askedAction,
  askedMessage,
  ErrorClass,
  HoldfastError,
  type Json,
  type JsonObject,
} from "../../contract/index.ts";
import type { ModelTool } from "../../ports/index.ts";
import { violations } from "../json-schema.ts";
import type { StepContext } from "../step-context.ts";
import type { ToolUse } from "./turn.ts";

/** So much people are shown whole. */
const LONGEST = 3_000;

const asksPeople: JsonObject = {
  type: "object",
  properties: {
    question: { type: "string", minLength: 1, maxLength: LONGEST },
    recommendation: { type: "string", maxLength: LONGEST },
  },
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

/** How often an answer that cannot be taken may be given. */
const MOST_INVALID = 3;

/** What a model asks people. */
export interface Question {
  readonly question: string;
  readonly recommendation?: string;
}

type Exit = { readonly output: Json } | { readonly asks: Question } | { readonly wrong: string };

/**
 * The way out that a model takes, if any: the output, what people are asked, or why it cannot be taken yet. Whoever asks
 * people has not answered, and an answer cannot know what other calls say that were asked for with it.
 *
 * @param before how often an answer was refused already.
 * @throws Holdfast.NeedsHuman, code `reason-invalid-answer`
 */
export function exitOf(step: string, output: JsonObject, uses: readonly ToolUse[], before: number): Exit | undefined {
  const exit = uses.find(({ name }) => name === ASK_PEOPLE) ?? uses.find(({ name }) => name === ANSWER);
  if (exit === undefined) return undefined;
  const { name, input } = exit;
  const isAnswer = name === ANSWER;
  const wrong = isAnswer && uses.length > 1 ? ALONE : violations(isAnswer ? output : asksPeople, input);
  if (wrong === undefined) return isAnswer ? { output: input } : { asks: input as Json & Question };
  if (before + 1 < MOST_INVALID) return { wrong: `That is no ${name}: ${wrong}` };
  throw new HoldfastError(
    ErrorClass.NeedsHuman,
    "reason-invalid-answer",
    `Step ${step} gave ${MOST_INVALID} answers that cannot be taken. ${wrong} Answer in its place (override), and say in the instructions what an answer holds.`,
  );
}

const ALONE =
  "Other calls came with it, and none was made. Make them first, and call it alone once they have answered.";

/**
 * Ends the attempt with a question to people. It is recorded, and they are shown it from there: errors are logged.
 *
 * @throws Holdfast.NeedsHuman, code `asked-by-model`
 */
export async function askPeople(context: StepContext, turn: string, asks: Question): Promise<never> {
  const asked = askedAction(turn);
  await context.action<Json & Question>(asked, async () => asks as Json & Question, { effect: "none" });
  throw new HoldfastError(ErrorClass.NeedsHuman, AskedCode.question, askedMessage({ asked }));
}
