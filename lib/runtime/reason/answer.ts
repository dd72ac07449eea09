import {
  ANSWER,
  ASK_PEOPLE,
  AskedCode,
  askedIn,
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

/** The way out that a model takes. Whoever asks people has not answered. */
export const exitAmong = (uses: readonly ToolUse[]): ToolUse | undefined =>
  uses.find(({ name }) => name === ASK_PEOPLE) ?? uses.find(({ name }) => name === ANSWER);

/** How often an answer that cannot be taken may be given. */
const MOST_INVALID = 3;

/** What a model asks people. */
export interface Question {
  readonly question: string;
  readonly recommendation?: string;
}

type Exit = { readonly output: Json } | { readonly asks: Question } | { readonly wrong: string };

/**
 * What an exit yields: the output, what people are asked, or why it cannot be taken yet.
 *
 * @param isAmongOthers other calls were asked for with it, and an answer cannot know what they say.
 * @param before how often an answer was refused already.
 * @throws Holdfast.NeedsHuman, code `reason-invalid-answer`
 */
export function exitOf(
  step: string,
  output: JsonObject,
  { name, input }: ToolUse,
  isAmongOthers: boolean,
  before: number,
): Exit {
  const isAnswer = name === ANSWER;
  const wrong = isAnswer && isAmongOthers ? ALONE : violations(isAnswer ? output : asksPeople, input);
  if (wrong === undefined) return isAnswer ? { output: input } : { asks: input as Json & Question };
  if (before + 1 < MOST_INVALID) return { wrong };
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
  const asked = askedIn(turn);
  await context.action<Json & Question>(asked, async () => asks as Json & Question, { effect: "none" });
  throw new HoldfastError(ErrorClass.NeedsHuman, AskedCode.question, askedMessage({ asked }));
}
