import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";
import { storyOf } from "./story.ts";
import { upperBound95 } from "./upper-bound.ts";

const SEEDS = Number(process.env.HOLDFAST_SEEDS ?? 500);
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

test("the upper bound is exact", () => {
  expect(upperBound95(1_000, 0)).toBeCloseTo(0.0029912, 7);
  expect(upperBound95(100, 1)).toBeCloseTo(0.0465598, 6);
  expect(upperBound95(10, 10)).toBe(1);
});
