import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { readLogs } from "../../lib/aws/stack-logs.ts";

test("lines from a time on that a run did not see are none, and CloudWatch is not asked for them", async () => {
  const nowhere = new CloudWatchLogsClient({ region: "us-east-1", endpoint: "http://127.0.0.1:1", maxAttempts: 1 });
  const to = Date.parse("2026-01-01T00:00:10Z");
  const run = { runId: "desk-1", prefixes: ["Holdfast-desk-"], from: to - 10_000, to };
  expect(await readLogs(nowhere, run, { since: "2026-01-02T00:00:00.000Z" })).toEqual([]);
});
