import { createSocket } from "node:dgram";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { powertoolsTracer } from "../../../lib/aws/index.ts";
import type { SegmentDocument } from "../../../lib/contract/index.ts";
import { loadAgents } from "../../../lib/definition/index.ts";
import { type LocalPlatform, type LocalPlatformOptions, openLocalPlatform } from "../../../lib/local/index.ts";
import { commandLine } from "../../cli/command-line.ts";
import { project } from "../../cli/project.ts";
import { startDaemon } from "../../fakes/x-ray-daemon.ts";

const OUTPUT = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
const input = { id: { $from: "input.id" }, requestedBy: { $from: "input.requestedBy" } };
const step = {
  kind: "task",
  name: "work",
  handler: "./work.mjs",
  effect: "none",
  output: OUTPUT,
  input,
  onFailure: "fail",
};
const part = { kind: "subflow", name: "part", agent: "part", input, output: OUTPUT, onFailure: "fail" };

let cli: Awaited<ReturnType<typeof commandLine>>;
let root: string;
beforeEach(async () => {
  cli = await commandLine();
  const own = project(cli);
  root = own.root;
  await own.declare(
    "part",
    { steps: [step] },
    { "work.mjs": 'export const run = (_, { action }) => action("add", async () => ({ n: 1 }));' },
  );
  await own.declare("whole", { steps: [part] });
});
afterEach(() => cli.remove());

const opened: LocalPlatform[] = [];
async function open(openTracer: LocalPlatformOptions["openTracer"]): Promise<LocalPlatform> {
  const agents = await loadAgents(root);
  const platform = await openLocalPlatform({ dataDir: cli.dataDir, agents, ...(openTracer ? { openTracer } : {}) });
  opened.push(platform);
  return platform;
}
afterEach(async () => {
  for (const platform of opened.splice(0)) await platform.close();
});

const onPowertools = (daemon: string) => powertoolsTracer({ daemon });

async function run(platform: LocalPlatform, agent: string, traceHeader?: string) {
  const detail = { id: "a", requestedBy: "zoe" };
  const event = { id: "1", source: "test", "detail-type": agent, detail };
  const { runId } = await platform.start(agent, event, pathToFileURL(root).href, traceHeader);
  await platform.settled(runId);
  const { execution } = await platform.facts(runId);
  expect(execution).toMatchObject({ status: "SUCCEEDED", output: { n: 1 } });
  return { runId, segments: await platform.segments(runId) };
}

function orphans(segments: readonly SegmentDocument[], beyond?: string) {
  const ids = new Set([undefined, beyond, ...segments.map(({ id }) => id)]);
  return segments.filter(({ parent_id: parent }) => !ids.has(parent)).map(({ name }) => name);
}

const names = (segments: readonly SegmentDocument[]) => segments.map(({ name }) => name);

describe("a run on this machine", () => {
  it("is traced with the runs that it starts, which name themselves", async () => {
    const platform = await open(onPowertools);
    const { runId, segments } = await run(platform, "whole");
    expect(orphans(segments)).toEqual([]);
    expect(new Set(segments.map(({ trace_id }) => trace_id)).size).toBe(1);
    const [inner] = segments.filter(({ origin, name }) => origin?.includes("StateMachine") && name === "part");
    const call = segments.find(({ id }) => id === inner?.parent_id);
    expect(call).toMatchObject({ name: "StartExecution", annotations: { run: runId } });
    expect(inner?.annotations?.run).toMatch(/^part-/);
    const action = segments.find(({ name }) => name === "add");
    expect(action?.annotations).toMatchObject({ run: inner?.annotations?.run, outcome: "performed" });
    const ofPart = await platform.segments(String(inner?.annotations?.run));
    expect(names(ofPart)).not.toContain("whole");
    expect(names(ofPart)).toContain("add");
  });

  it("belongs to the trace of whoever sent its event", async () => {
    const [root, parent] = ["1-67891233-abcdef012345678912345678", "463ac35c9f6413ad"];
    const { segments } = await run(await open(onPowertools), "part", `Root=${root};Parent=${parent};Sampled=0`);
    expect(new Set(segments.map(({ trace_id }) => trace_id))).toEqual(new Set([root]));
    expect(orphans(segments, parent)).toEqual([]);
    expect(segments.find(({ name }) => name === "part")?.parent_id).toBe(parent);
    expect(names(segments)).toContain("add");
  });

  it("is known to later processes", async () => {
    const platform = await open(onPowertools);
    const { runId, segments } = await run(platform, "whole");
    await opened.pop()?.close();
    expect(await (await open(undefined)).segments(runId)).toEqual(segments);
  });
});

describe("a run is unharmed", () => {
  it("by whatever else comes to the port", async () => {
    let daemon = "";
    const platform = await open(async (address) => {
      daemon = address;
      return onPowertools(address);
    });
    await platform.resume();
    const [host, port] = daemon.split(":");
    const stranger = createSocket("udp4");
    const noise = setInterval(() => stranger.send("garbage", Number(port), host), 1);
    const { segments } = await run(platform, "part");
    clearInterval(noise);
    stranger.close();
    expect(orphans(segments)).toEqual([]);
    expect(names(segments)).toContain("add");
  });

  it.each([
    [
      "a collector that is gone",
      async () => {
        const daemon = await startDaemon();
        await daemon.stop();
        return onPowertools(daemon.address);
      },
    ],
    ["a tracer that cannot be made", () => Promise.reject(new Error("no tracer"))],
  ])("by %s: what history tells is there", async (_, openTracer) => {
    const { segments } = await run(await open(openTracer), "part");
    expect(orphans(segments)).toEqual([]);
    expect(names(segments).sort()).toEqual(["part", "part:step_work", "work"]);
  });
});
