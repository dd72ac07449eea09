import { SWEEP_SECONDS } from "../../lib/contract/index.ts";
import { agentEntry } from "../../lib/definition/index.ts";
import { stateMachineArnOf } from "../../lib/local/engine/index.ts";
import { startRun } from "../../lib/runtime/index.ts";
import { PEOPLE } from "./agent-frame.ts";
import { generateAgents, type SimulatedAgent } from "./agents.ts";
import type { Bug } from "./bugs.ts";
import { dice } from "./dice.ts";
import type { Evidence, RunEvidence, Violation } from "./evidence.ts";
import { type FaultPlan, seededFaults } from "./faults.ts";
import { exitsOf } from "./history.ts";
import { INVARIANTS } from "./invariants/index.ts";
import { parseOnce } from "./parse-once.ts";
import { peopleOf, promptPeople } from "./people.ts";
import { World } from "./world.ts";

export interface Simulated {
  readonly runs: number;
  readonly faults: number;
  readonly violations: readonly Violation[];
  readonly evidence: Evidence;
}

/** What is simulated: a seed says all of it. */
export interface Scenario {
  readonly seed: string;
  readonly agents: readonly [SimulatedAgent, ...SimulatedAgent[]];
  readonly plan: FaultPlan;
  readonly moodiness: number;
  /** How many events of their own, and how often each is put in all. */
  readonly events: readonly number[];
  /** How often an operator stops a run. */
  readonly stops: number;
  /** What people decide at once, wherever they may. @default what the seed says, when it says so */
  readonly decision?: string;
}

export interface SimulateOptions {
  readonly bug?: Bug | undefined;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** No run of a simulated agent takes longer, whatever goes wrong. */
const LONGEST_DAYS = 30;
const LONG_DAYS = 2;
/** What is still under way when the last run has ended has come to an end by then. */
const AFTERMATH = 30 * MINUTE;

/** The scenario of a seed. */
export function scenarioOf(number: number): Scenario {
  const seed = `seed ${number}`;
  const own = dice(seed);
  const hasPlainReceivers = own.chance(0.5);
  return {
    seed,
    agents: generateAgents(own, hasPlainReceivers),
    plan: seededFaults(own.fork("faults"), { hasPlainReceivers }),
    moodiness: own.pick([0, 0.1, 0.3, 0.5]),
    events: Array.from({ length: own.pick([1, 1, 1, 2]) }, () => own.pick([1, 1, 2, 3])),
    stops: own.pick([0, 0, 0, 0.3]),
  };
}

/** Runs the agents of a seed under its faults, and holds what happened against every invariant. */
export const simulate = (number: number, options?: SimulateOptions): Promise<Simulated> =>
  simulateScenario(scenarioOf(number), options);

export async function simulateScenario(scenario: Scenario, { bug }: SimulateOptions = {}): Promise<Simulated> {
  parseOnce();
  const { seed, agents, plan, moodiness, events, stops } = scenario;
  const world = new World({ seed, agents, plan, moodiness, bug });
  const own = dice(`${seed}/events`);
  world.observer.onOpened =
    scenario.decision === undefined ? peopleOf(world, seed) : promptPeople(world, scenario.decision);
  let putting = events.reduce((all, times) => all + times, 0);
  for (const [index, times] of events.entries()) {
    for (let delivery = 0; delivery < times; delivery += 1) {
      const wait = index * own.below(5_000) + delivery * own.pick([0, 1, 10, 3_000, 40 * MINUTE]);
      void world.sleep(wait).then(async () => {
        await put(world, `event ${index}`, delivery, seed);
        putting -= 1;
        world.changed();
      });
    }
  }
  if (own.chance(stops)) void world.sleep(own.below(30 * MINUTE)).then(() => stopOne(world));
  let isOver = false;
  void sweeping(world, () => isOver);
  const late = world.sleep(LONGEST_DAYS * DAY).then(() => "late" as const);
  const ended = world.until(() => putting === 0 && world.openRuns.length === 0).then(() => "ended" as const);
  const how = await Promise.race([ended, late]);
  plan.heal();
  await world.sleep(AFTERMATH);
  isOver = true;
  await world.sweep(0);
  await world.sleep(1_000);
  const stuck =
    how === "late" ? `open after ${LONGEST_DAYS} days: ${world.openRuns.join(", ") || "events"}` : undefined;
  const evidence = await evidenceOf(world, scenario, stuck);
  const violations = Object.entries(INVARIANTS).flatMap(([invariant, find]) =>
    find(evidence).map((detail) => ({ invariant, detail })),
  );
  const faults = evidence.facts.filter(({ kind }) => kind === "fault").length;
  return { runs: evidence.runs.length, faults, violations, evidence };
}

async function put(world: World, id: string, delivery: number, seed: string): Promise<void> {
  const agent = world.agents[0];
  if (agent === undefined) throw new TypeError("A world has at least one agent.");
  const own = dice(`${seed}/${id}`);
  const items = Array.from({ length: own.between(2, 4) }, (_, n) => ({ n: n * 100 + own.below(100) }));
  const asker = dice(`${seed}/asker of ${id}`).pick([...PEOPLE, "eve"]);
  const detail = { id, delivery, amount: own.below(1_000), asker, items };
  const event = {
    id: `${id}/${delivery}`,
    source: "simulator",
    "detail-type": "Asked",
    time: "2026-01-01T00:00:00Z",
    detail,
  };
  const entry = agentEntry(agent.document);
  const altered = world.bug?.entry?.(entry) ?? entry;
  await world.insist("start-run", (ports) => startRun(ports, altered, stateMachineArnOf(agent.name), event));
}

async function stopOne(world: World): Promise<void> {
  const [runId] = world.openRuns;
  if (runId === undefined || !world.process.alive) return;
  await world.process.engine.stopExecution(world.arnOf(runId), { error: "Stopped" }).catch(() => undefined);
}

/** Sweeps as often as the schedule says, and less often once a run takes so long that it only waits for people. */
async function sweeping(world: World, isOver: () => boolean): Promise<void> {
  const begun = world.time.now();
  for (;;) {
    const isLong = world.time.now() - begun > LONG_DAYS * DAY;
    await world.sleep(SWEEP_SECONDS * 1_000 * (isLong ? 4 : 1));
    if (isOver()) return;
    await world.sweep();
  }
}

async function evidenceOf(world: World, { agents, events }: Scenario, stuck: string | undefined): Promise<Evidence> {
  const { facts } = world.truth;
  const { items } = world.observer;
  const plans = new Map(agents.flatMap(({ plans: own }) => [...own]));
  const { engine } = world.process;
  const runs = await Promise.all(
    world.runItems.map(async (item): Promise<RunEvidence> => {
      const runId = String(item.runId);
      const simulated = agents.find(({ document }) => document.name === item.agent);
      if (simulated === undefined) throw new TypeError(`${runId} is the run of no agent.`);
      const end = await engine.describeExecution(world.arnOf(runId)).catch(() => undefined);
      const history = end === undefined ? [] : await engine.getHistory(world.arnOf(runId));
      const { input, parent } = JSON.parse(String(item.executionInput));
      const { document: agent, loops = new Map() } = simulated;
      return { runId, agent, plans, loops, item, input, parent: parent?.runId, end, exits: exitsOf(history) };
    }),
  );
  return { facts, items, runs, events: events.map((_, index) => `event ${index}`), stuck };
}
