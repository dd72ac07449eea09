import { describe, expect, test } from "vitest";
import { BUGS } from "./bugs.ts";
import { INVARIANTS } from "./invariants/index.ts";
import { simulate } from "./simulate.ts";

/** A bug that is not found in so many seeds is not found. */
const LAST_SEED = 2_000;

describe("a planted bug is found", () => {
  test.each(Object.entries(BUGS))("%s", { timeout: 600_000 }, async (name, bug) => {
    const breaks = async (seed: number, planted: typeof bug | undefined) => {
      const { violations } = await simulate(seed, { bug: planted });
      return violations.some(({ invariant }) => invariant === bug.breaks);
    };
    let foundAt: number | undefined;
    for (let seed = 1 + (bug.rare ?? 0); seed <= LAST_SEED && foundAt === undefined; seed += 1) {
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
