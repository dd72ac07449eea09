import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkAgent, defineAgent, documentOf, onSchedule } from "../../lib/definition/index.ts";
import { agent } from "./documents.ts";
import { nightly } from "./trigger-cases.ts";

describe("what EventBridge Scheduler takes passes", () => {
  test.each([
    "rate(1 minute)",
    "rate(12 hours)",
    "at(2028-02-29T23:59:59)",
    "cron(15 10 ? * 6L 2022-2023)",
    "cron(0/15 * * * ? *)",
    "cron(*/10 8-18/2 1,15,28 JAN,MAR-MAY ? 2026/2)",
    "cron(0 6 3W * ? *)",
    "cron(0 6 ? * MON#1 *)",
    "cron(0 6 ? * FRIL *)",
    "cron(0 6 L * ? *)",
  ])("%s", (schedule) => {
    expect(checkAgent(agent({ triggers: [nightly({ schedule })] }))).toMatchObject({ ok: true });
  });
});

test("a schedule is in UTC where nothing else is said, and its time stands for a time in the input", () => {
  expect(checkAgent(agent({ triggers: [nightly()] }))).toMatchObject({
    ok: true,
    agent: { triggers: [{ name: "nightly", timezone: "UTC" }] },
  });
});

test("a schedule is declared beside events", () => {
  const declared = defineAgent({
    name: "report",
    purpose: "Reports.",
    input: z.object({ asOf: z.iso.datetime() }),
    triggers: [
      onSchedule({
        name: "nightly",
        schedule: "cron(0 22 ? * MON-FRI *)",
        timezone: "Europe/Zurich",
        input: { asOf: "<aws.scheduler.scheduled-time>" },
      }),
    ],
  }).step("look", { handler: "./look.ts", effect: "read", output: z.object({}), onFailure: "fail", input: () => ({}) });
  const document = documentOf(declared);
  expect(document.triggers).toEqual([
    {
      name: "nightly",
      schedule: "cron(0 22 ? * MON-FRI *)",
      timezone: "Europe/Zurich",
      input: { asOf: "<aws.scheduler.scheduled-time>" },
    },
  ]);
  expect(checkAgent(document)).toMatchObject({ ok: true });
});
