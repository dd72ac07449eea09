import { expect, it } from "vitest";
import { killRepeatedly } from "./crash/kill.ts";

/** The whole count is `HOLDFAST_KILLS=200`. */
const KILLS = Number(process.env.HOLDFAST_KILLS ?? 6);

it(
  `executions killed ${KILLS} times end as if nothing had happened, and no task that had succeeded is called again`,
  async () => {
    const report = await killRepeatedly(KILLS);
    expect(report.repeated).toEqual([]);
    expect(report.wrong).toEqual([]);
    expect(report.kills).toBe(KILLS);
  },
  KILLS * 10_000 + 60_000,
);
