import { join } from "node:path";
import { HoldfastError } from "../contract/index.ts";
import { type LoadedAgent, modelPlaces, type Problem, sourceOf, walk } from "../definition/index.ts";
import { readModelScript } from "../models/index.ts";

/** Scripts that an agent names as models, and that are missing or no scripts. */
export const scriptProblems = ({ directory, document }: LoadedAgent): Problem[] =>
  [...walk(document)].flatMap((visit): Problem[] => {
    if (visit.kind !== "step" || visit.step.kind !== "reason") return [];
    const { step, at } = visit;
    return modelPlaces(step).flatMap(({ place, id }): Problem[] => {
      const source = sourceOf(document.models, id);
      const wrong = source?.kind === "script" ? whatIsWrong(join(directory, source.file), source.file) : undefined;
      return wrong === undefined ? [] : [{ code: "script-invalid", path: `${at}.${place}`, message: wrong }];
    });
  });

function whatIsWrong(file: string, name: string): string | undefined {
  try {
    readModelScript(file, name);
    return undefined;
  } catch (error) {
    if (error instanceof HoldfastError) return error.message;
    throw error;
  }
}
