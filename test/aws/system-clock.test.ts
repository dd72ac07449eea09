import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("a function that waits for the clock has not come to its end", async () => {
  const waiting = `
    import { systemClock } from "./lib/aws/system-clock.ts";
    await new Promise((resolve) => systemClock.at(systemClock.now() + 50, resolve));
    console.log("woke");`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "--eval",
    waiting,
  ]);
  expect(stdout).toBe("woke\n");
});
