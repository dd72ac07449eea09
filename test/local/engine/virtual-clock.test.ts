import { describe, expect, it } from "vitest";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import { virtualClock } from "../../../lib/local/virtual-clock.ts";

const idle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

describe("the virtual clock", () => {
  it("jumps from timer to timer, in order of time and then of setting", async () => {
    const clock = virtualClock(0);
    const woken: string[] = [];
    const note = (name: string) => () => woken.push(`${name} at ${clock.now()}`);
    clock.at(86_400_000, note("tomorrow"));
    clock.at(10, note("first"));
    clock.at(10, note("second"));
    clock.at(20, note("cancelled"))();
    await new Promise<void>((resolve) => clock.at(90_000_000, resolve));
    expect(woken).toEqual(["first at 10", "second at 10", "tomorrow at 86400000"]);
    expect(clock.now()).toBe(90_000_000);
  });

  it("stands still while somebody holds it", async () => {
    const clock = virtualClock(0);
    const releases = [clock.hold(), clock.hold()];
    let woken = false;
    clock.at(1, () => {
      woken = true;
    });
    releases[0]?.();
    releases[0]?.();
    await idle();
    expect(woken).toBe(false);
    releases[1]?.();
    await idle();
    expect(woken).toBe(true);
  });

  it("passes while those who hold it sleep", async () => {
    const clock = virtualClock(0);
    const release = clock.hold();
    await clock.sleep(5_000);
    expect(clock.now()).toBe(5_000);
    release();
  });

  it("wakes a sleeper early when its signal aborts", async () => {
    const clock = virtualClock(0);
    const release = clock.hold();
    const abort = new AbortController();
    clock.at(100, () => abort.abort());
    await clock.sleep(Number.POSITIVE_INFINITY, abort.signal);
    expect(clock.now()).toBe(100);
    release();
  });
});

describe("seeded chance", () => {
  const draw = (seed: string) => {
    const chance = seededChance(seed);
    return [...Array.from({ length: 1000 }, () => chance.random()), chance.uuid()];
  };

  it("is the same for the same seed and no other", () => {
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  it("is spread over [0, 1)", () => {
    const numbers = draw("spread").filter((drawn) => typeof drawn === "number");
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
  });

  it("makes UUIDs of version 4", () => {
    expect(seededChance("u").uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
