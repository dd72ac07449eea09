import { loopAction, readActionKey } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import { claimOf } from "../claims.ts";
import { parsed } from "../people/done-steps.ts";
import { saidOn } from "../people/loop-actions.ts";
import type { Placed } from "./decision-record.ts";
import { stepAt } from "./step-at.ts";

/** What models have decided in reasoning steps: which tools to call, and how to end. */
export const turns = (items: readonly Item[]): Placed[] =>
  items.flatMap((item): Placed[] => {
    const { path, key } = readActionKey(item.sk);
    const action = loopAction(key);
    const said = action?.kind === "turn" ? saidOf(item) : undefined;
    if (action?.kind !== "turn" || said === undefined) return [];
    const at = String(item.at);
    return [
      {
        since: at,
        rank: 0,
        at,
        kind: "turn",
        step: stepAt(path),
        path,
        options: [],
        chosen: said.chosen,
        rule: `turn ${action.turn}, ${said.model}`,
        by: null,
        evidence: [item.sk],
        reason: null,
      },
    ];
  });

/** What is kept apart is not fetched; that it has taken tokens tells it from most of what handlers keep under such a name. */
function saidOf(item: Item) {
  if (item[claimOf("result")] === undefined) return saidOn(parsed(item.result ?? "null"));
  return Number(item.tokens ?? 0) > 0 ? { chosen: "not shown", model: "kept apart" } : undefined;
}
