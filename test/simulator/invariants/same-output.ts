import { isDeepStrictEqual } from "node:util";
import type { Invariant, RunEvidence } from "../evidence.ts";
import { expectedOf } from "../reference.ts";
import { handlersOf } from "./look-up.ts";

/** A run ends as its document says, given what its steps and its people answered; every handler is given what it says. */
export const sameOutput: Invariant = (evidence) =>
  evidence.runs.flatMap((run) => {
    const { runId, end } = run;
    if (end === undefined || ["RUNNING", "TIMED_OUT", "ABORTED"].includes(end.status)) return [];
    const { ends, output, inputs } = expectedOf(run.agent, run.input, run.exits);
    const actual = endOf(end);
    if (!ends.includes(actual))
      return [`${runId} is ${actual}, and its document says ${[...new Set(ends)].join(" or ")}`];
    const wrong = handlersOf(evidence, runId)
      .filter(({ undo, path, input }) => !undo && !isDeepStrictEqual(input, inputs.get(path)))
      .map(
        ({ path, input }) =>
          `${runId} ${path} was given ${JSON.stringify(input)}, not ${JSON.stringify(inputs.get(path))}`,
      );
    if (actual !== "completed" || isDeepStrictEqual(end.output, output)) return wrong;
    return [...wrong, `${runId} yielded ${JSON.stringify(end.output)}, not ${JSON.stringify(output)}`];
  });

function endOf({ status, error }: NonNullable<RunEvidence["end"]>) {
  if (status === "SUCCEEDED") return "completed";
  return error === "Holdfast.Abandoned" ? "abandoned" : "failed";
}
