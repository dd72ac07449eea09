import type { Json, JsonObject } from "../../contract/index.ts";
import { ToolFailed } from "../../ports/index.ts";
import { violations } from "../json-schema.ts";

/** Of JSON, in bytes: what goes to a tool, and what a model is given of one. */
export const LARGEST_VALUE = 100 * 1_024;

/** What is wrong with the input of a tool, or nothing. Never throws, whatever a model wrote. */
export function inputProblem(schema: JsonObject, input: Json): string | undefined {
  try {
    const bytes = Buffer.byteLength(JSON.stringify(input));
    if (bytes > LARGEST_VALUE) return `It has ${bytes} bytes; at most ${LARGEST_VALUE} are sent.`;
    return violations(schema, input);
  } catch {
    return "It is nested too deep, or is no JSON.";
  }
}

/**
 * The output of a tool as plain JSON that its schema allows.
 *
 * @throws ToolFailed, faults `outputTooLarge` and `outputInvalid`
 */
export function validOutput(schema: JsonObject, given: unknown): Json {
  const text = textOf(given);
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_VALUE) {
    const message = `Its output has ${bytes} bytes; at most ${LARGEST_VALUE} are taken. Let it answer with less, or with a reference.`;
    throw new ToolFailed("outputTooLarge", message);
  }
  const { output, problem } = read(schema, text);
  if (problem !== undefined) throw new ToolFailed("outputInvalid", `Its output is not what it declares. ${problem}`);
  return output;
}

function textOf(given: unknown): string {
  try {
    const text: string | undefined = JSON.stringify(given);
    if (text !== undefined) return text;
  } catch {
    throw new ToolFailed("outputInvalid", "Its output is no JSON: it holds itself, or what JSON has no form for.");
  }
  throw new ToolFailed("outputInvalid", "It gave no output.");
}

function read(schema: JsonObject, text: string): { readonly output: Json; readonly problem: string | undefined } {
  const output = JSON.parse(text) as Json;
  try {
    return { output, problem: violations(schema, output) };
  } catch {
    return { output, problem: "It is nested too deep." };
  }
}
