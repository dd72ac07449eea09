import { describe, expect, test } from "vitest";
import type { Fault, PointKind, When } from "./faults.ts";
import { FIXED_AGENTS } from "./fixed-agents.ts";
import { oneFault } from "./one-fault.ts";
import { type Scenario, type Simulated, simulateScenario } from "./simulate.ts";

const WHEN: readonly When[] = ["before", "during", "after"];
const OF = ["invocation", "process"] as const;
/** Where dying may leave something half done. Reading leaves nothing, so that dying there is dying before what comes next. */
const POINTS: ReadonlySet<PointKind> = new Set(["write", "sink", "execution", "notice", "answer", "journal"]);

type Case = (typeof FIXED_AGENTS)[string];

const scenarioOf = (name: string, { agent, decision }: Case, plan: Scenario["plan"]): Scenario => ({
  seed: name,
  agents: [agent],
  plan,
  moodiness: 0,
  events: [2],
  stops: 0,
  decision,
});

/** What else can go wrong with what a function asks of the world: it is not done, its answer is lost, it is done twice. */
const OTHERS = new Map<PointKind, readonly Fault[]>([
  [
    "write",
    [
      { kind: "refused", as: "reset" },
      { kind: "refused", as: "throttled" },
      { kind: "answer-lost" },
      { kind: "doubled" },
    ],
  ],
  ["execution", [{ kind: "refused", as: "reset" }, { kind: "answer-lost" }, { kind: "doubled" }]],
  ["sink", [{ kind: "refused", as: "throttled" }, { kind: "answer-lost" }]],
]);

/** Every way to die at a point. An engine dies with its process only. */
const deathsAt = (point: PointKind): Fault[] =>
  OF.filter((of) => of === "process" || point !== "journal").flatMap((of) =>
    WHEN.map((when): Fault => ({ kind: "death", of, when })),
  );

const endOf = ({ evidence }: Simulated) => evidence.runs.map(({ item, end }) => [item.status, end?.status]);

describe.each(Object.entries(FIXED_AGENTS))("%s", (name, fixed) => {
  test("ends the same whatever strikes it, wherever it does", { timeout: 300_000 }, async () => {
    const clean = oneFault();
    const undisturbed = await simulateScenario(scenarioOf(name, fixed, clean));
    expect(undisturbed.violations).toEqual([]);

    const faults = clean.points.flatMap((point, at) =>
      POINTS.has(point)
        ? [...deathsAt(point), ...(OTHERS.get(point) ?? [])].map((fault) => ({ at, fault, point }))
        : [],
    );
    const wrong: unknown[] = [];
    for (const struck of faults) {
      const outcome = await simulateScenario(scenarioOf(name, fixed, oneFault(struck)));
      const isSame = JSON.stringify(endOf(outcome)) === JSON.stringify(endOf(undisturbed));
      if (outcome.violations.length > 0 || outcome.faults !== 1 || !isSame) {
        wrong.push({ ...struck, violations: outcome.violations, faults: outcome.faults, end: endOf(outcome) });
      }
    }

    console.info(`${name}: ${faults.length} faults at ${clean.points.length} points`);
    expect(wrong).toEqual([]);
    expect(faults.length).toBeGreaterThan(100);
  });
});
