import { type Json, parseJson, parseObject } from "../../contract/index.ts";
import type { RunSchemas } from "../../definition/index.ts";
import type { Item } from "../../ports/index.ts";
import { hiddenOf } from "./redact.ts";

export interface RunItems {
  readonly run: Item | undefined;
  /** STEP items of the run. */
  readonly steps: readonly Item[];
  /** Earlier ESCALATION items of the run. */
  readonly before: readonly Item[];
}

/** Values at sensitive places of the input, of outputs, and of outputs that people gave in place of a step's. */
export function hiddenInRun(
  { input, steps: known }: RunSchemas,
  { run, steps, before }: RunItems,
  byName: boolean,
): Json[] {
  const outputs = steps.flatMap(({ step, output }) =>
    output === undefined ? [] : hiddenOf(parseJson(String(output)) ?? null, known[String(step)]?.output, byName),
  );
  const given = before.flatMap((item) => {
    const { output } = answerOf(item);
    return output === undefined ? [] : hiddenOf(output, known[String(incidentOf(item).step)]?.output, byName);
  });
  return [...hiddenOf(inputOf(run), input, byName), ...outputs, ...given];
}

export const inputOf = (run: Item | undefined) => objectIn(run?.executionInput).input ?? null;
export const answerOf = ({ answer }: Item) => objectIn(answer);
export const incidentOf = ({ incident }: Item) => objectIn(incident);
const objectIn = (text: Item[string] = "") => parseObject(String(text)) ?? {};
