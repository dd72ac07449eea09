import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadAgents } from "../../lib/definition/index.ts";
import { type Delivery, openLocalPlatform } from "../../lib/local/index.ts";
import { clientConfiguration } from "../local/api/served-engine.ts";
import { commandLine } from "./command-line.ts";
import { project } from "./project.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
beforeEach(async () => {
  cli = await commandLine();
  await project(cli).declare(
    "report",
    {
      triggers: [{ name: "nightly", schedule: "rate(1 day)", input: { id: "all", requestedBy: "clock" } }],
      steps: [
        {
          kind: "task",
          name: "look",
          handler: "./look.mjs",
          effect: "read",
          input: { id: { $from: "input.id" } },
          output: { type: "object" },
          onFailure: "fail",
        },
      ],
    },
    { "look.mjs": "export const run = async ({ id }) => ({ id });" },
  );
});
afterEach(() => cli.remove());

const detail = { id: "all", requestedBy: "clock" };
const time = "2026-01-31T06:00:00Z";
const run = async (at: string) => {
  const event = { id: `1 of ${at}`, source: "holdfast.schedule", "detail-type": "nightly", time: at, detail };
  const said = await project(cli).holdfast("run", "report", "--event", await cli.file(JSON.stringify(event)), "--json");
  return { code: said.code, ...JSON.parse(said.out) };
};

/** What becomes of such an event at the local PutEvents. */
async function put(DetailType: string, Time: string): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const { root } = project(cli);
  const platform = await openLocalPlatform({ dataDir: cli.dataDir, agents: await loadAgents(root) });
  const base = pathToFileURL(`${root}/`).href;
  const server = await platform.serve({ port: 0, base, onDelivery: (delivery) => deliveries.push(delivery) });
  const events = new EventBridgeClient(clientConfiguration(server.endpoint));
  const entry = { Source: "holdfast.schedule", DetailType, Detail: JSON.stringify(detail), Time: new Date(Time) };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  events.destroy();
  await server.close();
  await platform.close();
  return deliveries;
}

describe("the event that a schedule would send", () => {
  it("is run by hand, once for each time", async () => {
    const first = await run(time);
    expect(first).toMatchObject({ code: 0, status: "completed" });
    expect((await run(time)).runId).toBe(first.runId);
    expect((await run("2026-02-01T06:00:00Z")).runId).not.toBe(first.runId);
  });

  it("starts the same run when it is put", async () => {
    const { runId } = await run(time);
    expect(await put("nightly", time)).toMatchObject([{ kind: "started", run: { runId, isNew: false } }]);
    expect(await put("nightly", "2026-02-01T06:00:00Z")).toMatchObject([{ kind: "started", run: { isNew: true } }]);
    expect(await put("weekly", time)).toMatchObject([{ kind: "unmatched" }]);
  });
});

it("holdfast dev shows schedules, and says that no clock sends their events", async () => {
  const { root } = project(cli);
  const args = [join("bin", "holdfast.mjs"), "--root", root, "--data-dir", cli.dataDir, "dev", "--port", "0"];
  const dev = spawn("node", args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of dev.stdout) {
    said += chunk;
    if (said.includes("taken up")) break;
  }
  dev.kill("SIGKILL");
  expect(said).toMatch(/report +holdfast\.schedule +nightly +time of rate\(1 day\)/);
  expect(said).toContain("No clock sends the events of schedules here");
});
