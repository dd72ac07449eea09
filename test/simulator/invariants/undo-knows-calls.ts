import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../../lib/contract/index.ts";
import type { Invariant } from "../evidence.ts";
import { callsOf, handlersOf, withoutUndo } from "./look-up.ts";

/** The undo of a loop is given every call by which the loop has written, with what came of it, in order. */
export const undoKnowsCalls: Invariant = (evidence) =>
  evidence.runs.flatMap(({ runId, loops }) =>
    handlersOf(evidence, runId).flatMap(({ undo, path, input }) => {
      const loop = withoutUndo(path);
      if (!undo || !loops.has(loop)) return [];
      const { calls } = input as JsonObject;
      const made = callsOf(evidence, runId, loop);
      if (isDeepStrictEqual(calls, made)) return [];
      return [`${runId} ${path} was given ${JSON.stringify(calls)}, and ${loop} has written ${JSON.stringify(made)}`];
    }),
  );
