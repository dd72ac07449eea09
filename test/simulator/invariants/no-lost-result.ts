import { isDeepStrictEqual } from "node:util";
import { actionKey, type Json, runKey, stepKey } from "../../../lib/contract/index.ts";
import type { Item } from "../../../lib/ports/index.ts";
import type { Evidence, Invariant } from "../evidence.ts";
import { idOf } from "../observed-store.ts";

/** A result that was acknowledged stays as it is, and is what everybody downstream is given. */
export const noLostResult: Invariant = (evidence) => [
  ...changedResults(evidence),
  ...forgottenResults(evidence),
  ...otherResultsUsed(evidence),
];

const isResult = ({ status }: Item) => status === "committed" || status === "done";
const resultOf = (item: Item) => item.output ?? item.result;

function changedResults({ facts }: Evidence): string[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== "written" || fact.before === undefined || !isResult(fact.before)) return [];
    const { before, after } = fact;
    const isSame = after.status === before.status && resultOf(after) === resultOf(before);
    return isSame ? [] : [`${idOf(before)} was ${resultOf(before)} and became ${after.status} ${resultOf(after)}`];
  });
}

function forgottenResults({ facts, items }: Evidence): string[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== "acknowledged" || !isResult(fact.item)) return [];
    const kept = items.get(idOf(fact.item));
    const isKept = kept !== undefined && resultOf(kept) === resultOf(fact.item);
    return isKept ? [] : [`${idOf(fact.item)} was acknowledged as ${resultOf(fact.item)} and is not there`];
  });
}

function otherResultsUsed({ facts, items }: Evidence): string[] {
  const differs = (runId: string, sk: string, used: Json) => {
    const kept = items.get(idOf({ pk: runKey(runId), sk }));
    if (kept !== undefined && isResult(kept) && isDeepStrictEqual(JSON.parse(String(resultOf(kept))), used)) return [];
    return [
      `${runId} ${sk} is ${kept === undefined ? "absent" : resultOf(kept)}, and ${JSON.stringify(used)} was used`,
    ];
  };
  return facts.flatMap((fact) => {
    if (fact.kind === "acted") return differs(fact.runId, actionKey(fact.path, 1, fact.action), fact.result);
    if (fact.kind !== "returned" || !isStepPayload(fact.payload)) return [];
    const { runId, path } = fact.payload;
    return differs(runId, stepKey(path, 1), (fact.result as { output: Json }).output);
  });
}

const isStepPayload = (payload: Json): payload is Json & { runId: string; path: string } =>
  typeof payload === "object" && payload !== null && "path" in payload && "input" in payload;
