import { HoldfastError, type Json } from "../../lib/contract/index.ts";
import type { Item } from "../../lib/ports/index.ts";
import { decide, type Incident, type Raise, readEscalation } from "../../lib/runtime/index.ts";
import { PEOPLE } from "./agent-frame.ts";
import { dice } from "./dice.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;
/** After so many questions about the same place people stop trying again. */
const PATIENCE = 3;

/**
 * Lets people answer escalations: soon, late, twice, against each other, about themselves, or never. What they decide
 * about a place changes with how often they were asked about it, so that runs come to an end.
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
    const pool = own.chance(0.8) ? entitled(item) : PEOPLE;
    const first = own.below(PEOPLE.length);
    const nameOf = (offset: number) => pool[(first + offset) % pool.length] ?? "ann";
    const decides = (after: number, what: string | undefined, by: string) => {
      if (what !== undefined) void world.sleep(Math.max(0, delay + after)).then(() => answer(id, what, by));
    };
    const agreeing = Number(item.approvals) + (own.chance(0.6) ? 2 : 0);
    for (let offset = 0; offset < agreeing; offset += 1) decides(offset * own.below(MINUTE), decision, nameOf(offset));
    if (own.chance(0.15)) {
      const gap = own.pick([-5, 3, 20, 5_000, 10 * MINUTE]);
      decides(gap, choose(), nameOf(own.chance(0.5) ? 0 : 3));
    }
  };
}

/** Those who may decide, as far as the item says. */
function entitled({ members, requester }: Item): readonly string[] {
  const known = members === undefined ? PEOPLE : (JSON.parse(String(members)) as readonly string[]);
  return known.filter((member) => member !== requester);
}

/** People who answer every escalation one after the other, beginning after a minute, each coming again until heard. */
export function promptPeople(world: World, decision: string): (item: Item) => void {
  const answer = answering(world, "prompt", { givesUp: 0, tries: 20 });
  return (item) => {
    const { decisions } = JSON.parse(String(item.incident)) as Incident;
    if (!decisions.includes(decision)) return;
    for (const [index, by] of PEOPLE.entries()) {
      void world.sleep((index + 1) * MINUTE).then(() => answer(String(item.id), decision, by));
    }
  };
}

/** Hands a decision in. Who hears nothing of it mostly comes again. */
function answering(world: World, seed: string, patience = { givesUp: 0.25, tries: 6 }) {
  let notes = 0;
  return async (id: string, decision: string, by: string): Promise<void> => {
    const own = dice(`${seed}/answer ${id} ${by}`);
    const note = `note ${++notes}`;
    const more: { output?: Json; raise?: Raise } =
      decision === "override"
        ? { output: { value: own.pick([1_000, 2_000]), attempt: -1, ...(own.chance(0.1) ? { value: "wrong" } : {}) } }
        : decision === "raise"
          ? { raise: { tokens: own.pick([5, 50]) } }
          : {};
    for (let tries = 0; tries < patience.tries; tries += 1) {
      const heard = await world
        .request("decide", async (ports) => {
          const { escalation } = await readEscalation(ports, id);
          const digest = own.chance(0.03) ? "of something else" : escalation.digest;
          const decider = { id: by, groups: [], from: "a simulation" };
          return decide(ports, { id, decision, digest, note, ...more }, decider);
        })
        .then((result) => (result === "died" ? "nothing" : "accepted"))
        .catch((error: unknown) => (error instanceof HoldfastError ? error.code : "an error"));
      world.truth.note({ kind: "decided", escalation: id, decision: `${decision} by ${by}, ${note}`, heard });
      const isAnswer = !["nothing", "an error", "unclassified"].includes(heard);
      if (isAnswer || own.chance(patience.givesUp)) return;
      await world.sleep(own.between(1, 4 * MINUTE));
    }
  };
}

const DECISIONS = new Set(["approve", "reject", "retry", "override", "raise", "abort"]);
/** Those after which the same place may be asked about again. */
const AGAIN = new Set(["retry", "raise"]);
