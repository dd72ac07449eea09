import { describe, expect, test } from "vitest";
import { BUGS } from "./bugs.ts";
import { INVARIANTS } from "./invariants/index.ts";
import { simulate } from "./simulate.ts";
import { storyOf } from "./story.ts";
import { upperBound95 } from "./upper-bound.ts";

const SEEDS = Number(process.env.HOLDFAST_SEEDS ?? 500);
/** A bug that is not found in so many seeds is not found. */
const LAST_SEED_FOR_BUGS = 2_000;

test(`no invariant is violated in ${SEEDS} seeds`, { timeout: SEEDS * 2_000 }, async () => {
  const found: string[] = [];
  const counts = { runs: 0, faults: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { runs, faults, violations } = await simulate(seed);
    counts.runs += runs;
    counts.faults += faults;
    found.push(...violations.map(({ invariant, detail }) => `npm run sim -- --seed ${seed}: ${invariant}: ${detail}`));
  }
  console.info(`${SEEDS} seeds, ${counts.runs} runs, ${counts.faults} faults`);
  expect(found).toEqual([]);
});

test("a seed tells the same story every time", async () => {
  for (const seed of [1, 7, 46]) {
    const first = storyOf((await simulate(seed)).evidence);
    const second = storyOf((await simulate(seed)).evidence);
    expect(second).toEqual(first);
    expect(first.length).toBeGreaterThan(10);
  }
});

describe("a planted bug is found", () => {
  test.each(Object.entries(BUGS))("%s", { timeout: 600_000 }, async (name, bug) => {
    const breaks = async (seed: number, planted: typeof bug | undefined) => {
      const { violations } = await simulate(seed, { bug: planted });
      return violations.some(({ invariant }) => invariant === bug.breaks);
    };
    let foundAt: number | undefined;
    for (let seed = 1 + (bug.rare ?? 0); seed <= LAST_SEED_FOR_BUGS && foundAt === undefined; seed += 1) {
      if ((await breaks(seed, bug)) && !(await breaks(seed, undefined))) foundAt = seed;
    }
    console.info(`${name} breaks ${bug.breaks} in seed ${foundAt}`);
    expect(foundAt).toBeDefined();
  });

  test("for every invariant there is", () => {
    const broken = new Set<string>(Object.values(BUGS).map(({ breaks }) => breaks));
    expect(Object.keys(INVARIANTS).filter((name) => !broken.has(name))).toEqual([]);
  });
});

test("the upper bound is exact", () => {
  expect(upperBound95(1_000, 0)).toBeCloseTo(0.0029912, 7);
  expect(upperBound95(100, 1)).toBeCloseTo(0.0465598, 6);
  expect(upperBound95(10, 10)).toBe(1);
});
