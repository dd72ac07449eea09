import type { Item } from "../../../lib/ports/index.ts";
import type { Invariant } from "../evidence.ts";
import { idOf } from "../observed-store.ts";
import { isStep } from "./look-up.ts";

/** A lease is taken over under a higher token only, and a write is committed under the token of the lease that stands. */
export const noStaleCommit: Invariant = ({ facts }) =>
  facts.flatMap((fact) => {
    if (fact.kind !== "written" || !isStep(fact.after) || fact.after.effect !== "write") return [];
    const problem = problemOf(fact.before, fact.after);
    return problem === undefined ? [] : [`${idOf(fact.after)}: ${problem}`];
  });

function problemOf(before: Item | undefined, after: Item): string | undefined {
  // That a later attempt came for the result is noted, and changes none of it.
  const isNote = after.answered !== undefined && after.committedAt === before?.committedAt;
  if (isNote && before?.status === "committed" && after.output === before.output) return undefined;
  if (after.status === "committed") {
    if (before?.status === "leased" && before.token === after.token) return undefined;
    return `committed under token ${after.token} over ${standing(before)}`;
  }
  if (before === undefined) return undefined;
  if (before.status !== "leased") return `leased over ${standing(before)}`;
  const isRelease = after.token === before.token && after.leaseExpiresAt === 0;
  const isTakeover = Number(after.token) > Number(before.token);
  return isRelease || isTakeover ? undefined : `leased under token ${after.token} over ${standing(before)}`;
}

const standing = (item: Item | undefined) => (item === undefined ? "nothing" : `${item.status} ${item.token}`);
