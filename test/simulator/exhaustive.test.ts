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

const NONE: typeof OTHERS = new Map();

/** Where there are more, one in seven strikes, by turns of every kind; `npm run test:faults` strikes them all. */
const MANY = 250;
const IS_WHOLE = process.env.HOLDFAST_FAULTS === "all";

/** Every way to die at a point. An engine dies with its process only. */
const deathsAt = (point: PointKind): Fault[] =>
  OF.filter((of) => of === "process" || point !== "journal").flatMap((of) =>
    WHEN.map((when): Fault => ({ kind: "death", of, when })),
  );

/** An answer that was given and never recorded is asked for once more: no provider knows a repeat. */
const boughtBy = ({ evidence }: Simulated) => evidence.facts.filter(({ kind }) => kind === "bought").length;

const endOf = ({ evidence }: Simulated) => evidence.runs.map(({ item, end }) => [item.status, end?.status]);

describe.each(Object.entries(FIXED_AGENTS))("%s", (name, fixed) => {
  test("ends the same whatever strikes it, wherever it does", { timeout: 300_000 }, async () => {
    const clean = oneFault();
    const undisturbed = await simulateScenario(scenarioOf(name, fixed, clean));
    expect(undisturbed.violations).toEqual([]);

    const others = fixed.deathsOnly === true ? NONE : OTHERS;
    const faults = clean.points.flatMap((point, at) =>
      POINTS.has(point)
        ? [...deathsAt(point), ...(others.get(point) ?? [])].map((fault) => ({ at, fault, point }))
        : [],
    );
    const struck = IS_WHOLE || faults.length <= MANY ? faults : faults.filter((_, index) => index % 7 === 0);
    const wrong: unknown[] = [];
    let answersLost = 0;
    for (const fault of struck) {
      const outcome = await simulateScenario(scenarioOf(name, fixed, oneFault(fault)));
      const isSame = JSON.stringify(endOf(outcome)) === JSON.stringify(endOf(undisturbed));
      const lost = boughtBy(outcome) - boughtBy(undisturbed);
      answersLost += lost;
      if (outcome.violations.length > 0 || outcome.faults !== 1 || !isSame || lost > 1) {
        wrong.push({ ...fault, violations: outcome.violations, faults: outcome.faults, end: endOf(outcome) });
      }
    }

    const lost = boughtBy(undisturbed) === 0 ? "" : `, ${answersLost} answers of models lost before they were recorded`;
    console.info(`${name}: ${struck.length} of ${faults.length} faults at ${clean.points.length} points${lost}`);
    expect(wrong).toEqual([]);
    expect(faults.length).toBeGreaterThan(100);
  });
});
