import { runKey } from "../../../lib/contract/index.ts";
import { idempotencyKey } from "../../../lib/runtime/identity.ts";
import type { Evidence, Invariant } from "../evidence.ts";

/** A model is never asked again for an answer that is recorded, nor for the same turn with another question. */
export const boughtOnce: Invariant = (evidence) => [...boughtAgain(evidence), ...askedOtherwise(evidence)];

function boughtAgain({ facts, runs }: Evidence): string[] {
  const recorded = new Map<string, string>();
  const runOf = new Map(runs.map(({ runId }) => [runKey(runId), runId]));
  return facts.flatMap((fact) => {
    if (fact.kind === "written" && fact.after.status === "done") {
      const [, path, action] = /^ACTION#(.*)#1#(turn-\d+)$/.exec(fact.after.sk) ?? [];
      const runId = runOf.get(fact.after.pk);
      if (path !== undefined && action !== undefined && runId !== undefined)
        recorded.set(idempotencyKey(runId, path, 1, action), `${runId} ${path} ${action}`);
    }
    const known = fact.kind === "bought" ? recorded.get(fact.key) : undefined;
    return known === undefined ? [] : [`${known} was recorded, and its model was asked again`];
  });
}

function askedOtherwise({ facts }: Evidence): string[] {
  const asked = new Map<string, string>();
  return facts.flatMap((fact) => {
    if (fact.kind !== "bought") return [];
    const before = asked.get(fact.key) ?? fact.asked;
    asked.set(fact.key, before);
    return before === fact.asked ? [] : [`${fact.key} was asked something else than before`];
  });
}
