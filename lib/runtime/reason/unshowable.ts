import { callAction, type Json, RUN, runKey, turnAction } from "../../contract/index.ts";
import type { ReasonDefinition } from "../../definition/index.ts";
import type { RunStore } from "../../ports/index.ts";
import { hiddenInRun } from "../people/hidden-values.ts";
import { KnownValues } from "../people/known-values.ts";
import { hiddenInLoop } from "../people/loop-actions.ts";
import { isShownWhole, shownCall } from "../people/show-call.ts";
import type { Turn } from "./turn.ts";

/** A call that people are asked about. */
export type CallRequest = { readonly tool: string; readonly input: Json };

/** In bytes of JSON: so much people are shown whole. */
const LARGEST_REQUEST = 40_000;
/** Of a run, as people are shown it. */
const MOST_STEPS = 200;

/**
 * Why people could not be shown the whole of a request; what they are not shown they do not approve. Hidden are secrets, what
 * the tool's schema marks, and what is sensitive elsewhere in the run, as in any packet.
 */
export async function unshowable(
  store: Pick<RunStore, "get" | "query">,
  { tools, hides }: Pick<ReasonDefinition, "tools" | "hides">,
  runId: string,
  turns: readonly Turn[],
  request: CallRequest,
): Promise<string | undefined> {
  if (Buffer.byteLength(JSON.stringify(request)) > LARGEST_REQUEST)
    return `people decide about it, and its input is too large to be shown to them. At most ${LARGEST_REQUEST} bytes.`;
  const schemas = Object.fromEntries(tools.map((tool) => [tool.name, tool]));
  const pk = runKey(runId);
  const [run, steps] = await Promise.all([store.get({ pk, sk: RUN }), store.query(pk, "STEP#", MOST_STEPS)]);
  const inRun = hides === undefined ? [] : hiddenInRun(hides, { run, steps, before: [] }, false);
  const inTurns = turns.flatMap(({ results, ...answered }, turn) => [
    ...hiddenInLoop(schemas, turnAction(turn + 1), answered as Json & typeof answered, false),
    ...results.flatMap(({ use, outcome }, index) =>
      hiddenInLoop(schemas, callAction(turn + 1, index, use.name), outcome as Json & typeof outcome, false),
    ),
  ]);
  const shown = shownCall(request, schemas[request.tool]?.input, new KnownValues([...inRun, ...inTurns]));
  if (isShownWhole(request, shown)) return undefined;
  return "people decide about it, and its input has what looks like a secret or is marked as sensitive, which is not shown to them.";
}
