import { HoldfastError, type Json } from "../../lib/contract/index.ts";
import type { Item } from "../../lib/ports/index.ts";
import { decide, type Incident, type Raise } from "../../lib/runtime/index.ts";
import { dice } from "./dice.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;
/** After so many questions about the same place people stop trying again. */
const PATIENCE = 3;

/**
 * Lets people answer escalations: soon, late, twice, or never. What they decide about a place changes with how often
 * they were asked about it, so that runs come to an end.
 */
export function peopleOf(world: World, seed: string): (item: Item) => void {
  const asked = new Map<string, number>();
  const answer = answering(world, seed);

  return (item) => {
    const { decisions, path } = JSON.parse(String(item.incident)) as Incident;
    const id = String(item.id);
    const own = dice(`${seed}/escalation ${id}`);
    const place = `${item.runId} ${path}`;
    const before = asked.get(place) ?? 0;
    asked.set(place, before + 1);
    const isTired = before >= PATIENCE;
    const usual = decisions.filter((decision) => DECISIONS.has(decision) && !(isTired && AGAIN.has(decision)));
    const favoured = usual.includes("approve") && own.chance(0.5) ? ["approve"] : usual;
    const choose = () => favoured[own.below(favoured.length)];
    if (own.chance(isTired ? 0.05 : 0.15)) return;
    const within = Date.parse(String(item.deadline)) - world.time.now();
    const delay = own.chance(0.1)
      ? within - 3_000 + own.below(6_000)
      : own.below(Math.max(1, Math.min(within, 20 * MINUTE)));
    const decision = choose();
    if (decision === undefined) return;
    void world.sleep(Math.max(0, delay)).then(() => answer(id, decision, "first"));
    const other = own.chance(0.15) ? choose() : undefined;
    if (other === undefined) return;
    const gap = own.pick([-5, 3, 20, 5_000, 10 * MINUTE]);
    void world.sleep(Math.max(0, delay + gap)).then(() => answer(id, other, "second"));
  };
}

/** Somebody who answers every escalation after a minute, and comes again until the answer is taken. */
export function promptPerson(world: World, decision: string): (item: Item) => void {
  const answer = answering(world, "prompt");
  return (item) => {
    const { decisions } = JSON.parse(String(item.incident)) as Incident;
    if (decisions.includes(decision)) void world.sleep(MINUTE).then(() => answer(String(item.id), decision, "first"));
  };
}

/** Hands a decision in. Who hears nothing of it mostly comes again. */
function answering(world: World, seed: string) {
  let notes = 0;
  return async (escalation: string, decision: string, by: string): Promise<void> => {
    const own = dice(`${seed}/answer ${escalation} ${by}`);
    const note = `note ${++notes}`;
    const more: { output?: Json; raise?: Raise } =
      decision === "override"
        ? { output: { value: 1_000 + notes, attempt: -1 } }
        : decision === "raise"
          ? { raise: { tokens: own.between(5, 50) } }
          : {};
    for (let tries = 0; tries < 6; tries += 1) {
      const heard = await world
        .request("decide", (ports) => decide(ports, { id: escalation, decision, by, note, ...more }))
        .then((result) => (result === "died" ? "nothing" : "accepted"))
        .catch((error: unknown) => (error instanceof HoldfastError ? error.code : "an error"));
      world.truth.note({ kind: "decided", escalation, decision: `${decision} by ${by}, ${note}`, heard });
      const isAnswer = !["nothing", "an error", "unclassified"].includes(heard);
      if (isAnswer || own.chance(0.25)) return;
      await world.sleep(own.between(1, 4 * MINUTE));
    }
  };
}

const DECISIONS = new Set(["approve", "reject", "retry", "override", "raise", "abort"]);
/** Those after which the same place may be asked about again. */
const AGAIN = new Set(["retry", "raise"]);
