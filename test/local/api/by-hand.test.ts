import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadAgents } from "../../../lib/definition/index.ts";
import { openLocalPlatform } from "../../../lib/local/index.ts";
import { arnOf, clientConfiguration } from "./served-engine.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "holdfast-by-hand-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** The platform behind its API, until the work is done. */
async function served<Result>(work: (states: SFNClient, resumed: string[]) => Promise<Result>): Promise<Result> {
  const platform = await openLocalPlatform({ dataDir, agents: await loadAgents(".") });
  const resumed = await platform.resume();
  const server = await platform.serve({ port: 0, base: "file:///", onDelivery: () => undefined });
  const states = new SFNClient(clientConfiguration(server.endpoint));
  try {
    return await work(states, resumed);
  } finally {
    states.destroy();
    await server.close();
    await platform.close();
  }
}

it("an execution that somebody starts by hand, under a name of their own, outlives the process like any run", async () => {
  const fixture = resolve("functions/invoice-desk/fixtures/events/mismatch.json");
  const { detail, ...event } = JSON.parse(await readFile(fixture, "utf8"));
  for (const name of ["document", "erpExport", "payments"])
    detail[name] = new URL(detail[name], pathToFileURL(fixture)).href;
  const input = JSON.stringify({ input: detail, event });
  const start = new StartExecutionCommand({ stateMachineArn: arnOf("invoice-desk"), name: "by-hand", input });
  const { executionArn } = await served((states) => states.send(start));
  await served(async (states, resumed) => {
    expect(resumed, "is no run that an event has started").toEqual([]);
    expect(await states.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: "RUNNING" });
    expect(await states.send(start)).toMatchObject({ executionArn });
  });
});
