import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commandLine } from "./command-line.ts";
import { project } from "./project.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
let own: ReturnType<typeof project>;
let started: ChildProcess[];
beforeEach(async () => {
  cli = await commandLine();
  own = project(cli);
  started = [];
  await own.declare(
    "payer",
    {
      escalations,
      steps: [
        {
          kind: "task",
          name: "pay",
          handler: "./pay.mjs",
          input: { id: { $from: "input.id" }, amount: 3 },
          output: { type: "object", properties: { paid: { type: "number" } }, required: ["paid"] },
        },
      ],
    },
    { "pay.mjs": "export const run = ({ amount }) => ({ paid: amount });" },
  );
});
afterEach(async () => {
  for (const process of started) process.kill("SIGKILL");
  await cli.remove();
});

const escalations = {
  desk: { tiers: [{ audience: "clerks", within: "4h", members: ["group:ap", "bob"] }], otherwise: "abort" },
};
const json = (text: string) => JSON.parse(text);
const devFile = () => join(cli.dataDir, "dev.json");

/** `holdfast dev` over the data directory, as a process of its own. */
async function dev() {
  const args = ["bin/holdfast.mjs", "--root", own.root, "--data-dir", cli.dataDir, "dev", "--port", "0", "--json"];
  const process = spawn("node", args, { stdio: ["ignore", "pipe", "inherit"] });
  started.push(process);
  const [line] = await once(createInterface({ input: process.stdout }), "line");
  const { endpoint } = json(line);
  return {
    endpoint,
    async put(id: string, agent = "payer") {
      const events = new EventBridgeClient({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "nobody", secretAccessKey: "checks" },
      });
      const detail = JSON.stringify({ id, requestedBy: "zoe" });
      await events.send(new PutEventsCommand({ Entries: [{ Source: "test", DetailType: agent, Detail: detail }] }));
      events.destroy();
    },
    async end(signal: NodeJS.Signals) {
      const exit = once(process, "exit");
      process.kill(signal);
      await exit;
    },
  };
}

function statusOf(endpoint: string, method: string, headers: Record<string, string>, body: string) {
  return new Promise((resolve, reject) => {
    const length = { "content-length": Buffer.byteLength(body) };
    const sent = request(endpoint, { method, headers: { ...headers, ...length } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end(body);
  });
}

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** What is asked, once somebody is. */
const asked = (count = 1) =>
  vi.waitFor(
    async () => {
      const list = json((await own.holdfast("escalations", "--json")).out);
      expect(list).toHaveLength(count);
      return list;
    },
    { timeout: 50_000, interval: 200 },
  );

const approve = (id: string, ...more: string[]) =>
  own.holdfast("decide", id, "--decision", "approve", "--as", "ann", "--json", ...more);

describe("while holdfast dev has the data directory", () => {
  it("people list, read and decide, and see the run, as they do without it", async () => {
    const served = await dev();
    await served.put("a");
    const [{ id, runId }] = await asked();
    expect(json((await own.holdfast("runs", "--json")).out)).toMatchObject([{ runId, agent: "payer" }]);
    const shown = await own.holdfast("show", runId, "--json");
    expect(json(shown.out)).toMatchObject({ status: "waiting", escalations: [{ id }] });
    const { segments } = json((await own.holdfast("trace", runId, "--json")).out);
    expect(segments[0]).toMatchObject({ name: "payer", kind: "machine", status: "in-progress" });
    expect(segments.map(({ name }: { name: string }) => name)).toContain("open escalation");
    const { escalation } = json((await own.holdfast("escalation", runId, "--json")).out);
    expect(escalation).toMatchObject({ id, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const decided = await approve(runId, "--group", "other", "--group", "ap", "--seen", escalation.digest);
    expect(decided.code).toBe(0);
    const report = json(decided.out);
    expect(report).toMatchObject({ status: "completed", output: { paid: 3 } });
    expect(report.steps).toEqual([expect.objectContaining({ path: "pay", ms: expect.any(Number) })]);
    const during = await own.holdfast("show", runId, "--json");
    await served.end("SIGTERM");
    await expect(access(devFile())).rejects.toThrow("ENOENT");
    const after = await own.holdfast("show", runId, "--json");
    const uncounted = { usage: {}, cost: {} };
    expect({ ...json(during.out), ...uncounted }).toEqual({ ...json(after.out), ...uncounted });
  });

  it("refusals have the same codes and exit statuses", async () => {
    await own.run("payer");
    const [{ id, runId }] = await asked();
    const refusals = async () => {
      const said = [
        await approve(id),
        await approve(id, "--group", "ap", "--seen", "0".repeat(64)),
        await approve(id, "--group", "ap", "--note", "n".repeat(4_001)),
        await approve("payer-unknown"),
        await own.holdfast("decide", id, "--decision", "approve", "--json"),
        await own.holdfast("show", runId.replace(/.{6}$/, "000000"), "--json"),
        await own.holdfast("escalation", "0123456789abcdef", "--json"),
      ];
      return said.map(({ code, out }) => ({ code, error: json(out).error }));
    };
    const without = await refusals();
    const served = await dev();
    expect(await refusals()).toEqual(without);
    expect(without.map(({ error }) => error.code)).toEqual([
      "not-allowed",
      "changed",
      "decision-malformed",
      "unknown",
      "as-missing",
      "unknown-run",
      "nothing-to-decide",
    ]);
    const large = await approve(id, "--output", await cli.file(JSON.stringify("x".repeat(2_000_000))));
    expect({ exit: large.code, ...json(large.out).error }).toMatchObject({ exit: 2, code: "invalid-output" });
    expect(await approve(id, "--as", "bob")).toMatchObject({ code: 0 });
    await served.end("SIGTERM");
  });

  it("a group is decided together", async () => {
    const served = await dev();
    await served.put("a");
    await served.put("b");
    const [{ group }] = await asked(2);
    const { digest } = json((await own.holdfast("escalation", group, "--json")).out);
    const decided = await approve(group, "--group", "ap", "--seen", digest);
    expect(decided.code).toBe(0);
    expect(json((await own.holdfast("runs", "--status", "completed", "--json")).out)).toHaveLength(2);
    await served.end("SIGTERM");
  });

  it("nobody else is told the key, with which no web page could decide", async () => {
    const served = await dev();
    await served.put("a");
    const [{ id }] = await asked();
    expect((await stat(devFile())).mode & 0o077).toBe(0);
    const { key } = json(await readFile(devFile(), "utf8"));
    const { escalation } = json((await own.holdfast("escalation", id, "--json")).out);
    const decision = { id, decision: "approve", digest: escalation.digest, note: "" };
    const body = JSON.stringify({ key, decision, decider: { id: "bob", groups: [], from: "a page" } });
    const send = (method: string, headers: Record<string, string>) => statusOf(served.endpoint, method, headers, body);
    const target = { "x-amz-target": "Holdfast.Decide" };
    expect(await send("POST", { ...target, host: "evil.example.com" })).toBe(403);
    expect(await send("GET", target)).toBe(405);
    expect(await send("OPTIONS", { origin: "http://localhost", "access-control-request-method": "POST" })).toBe(405);
    expect(await send("POST", {})).toBe(400);
    expect(await asked()).toMatchObject([{ id, votes: [] }]);
    expect(await send("POST", target)).toBe(200);
  });

  it("a run whose step is under way is shown at once", async () => {
    const step = { kind: "task", name: "nap", handler: "./nap.mjs", effect: "read", output: { type: "object" } };
    const nap = "export const run = () => new Promise((wake) => setTimeout(wake, 30_000, {}));";
    await own.declare("sleeper", { escalations, steps: [step] }, { "nap.mjs": nap });
    const served = await dev();
    await served.put("a", "sleeper");
    const running = async () => json((await own.holdfast("runs", "--status", "running", "--json")).out);
    const [{ runId }] = await running();
    const { code, out } = await own.holdfast("show", runId);
    expect(await running()).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("under way; look again") });
  });

  it("commands that start or resume runs are refused, and told where events start runs", async () => {
    await dev();
    const { endpoint } = json(await readFile(devFile(), "utf8"));
    const said = await own.holdfast("resume", "--json");
    expect({ exit: said.code, ...json(said.out).error }).toMatchObject({
      ...{ exit: 2, code: "data-dir-busy" },
      message: expect.stringContaining(`(PutEvents at ${endpoint})`),
    });
  });
});

describe("a dev that goes away while a command asks it", () => {
  it("is told of: what was decided may count", async () => {
    await dev();
    const { key } = json(await readFile(devFile(), "utf8"));
    const answers = [(response: ServerResponse) => response.end('{"runs":[]}')];
    const dying = createServer((_, response) => (answers.pop() ?? (() => response.destroy()))(response));
    const endpoint = await listening(dying);
    await writeFile(devFile(), JSON.stringify({ endpoint, pid: 1, key }));
    const { code, out } = await own.holdfast("runs", "--json");
    dying.close();
    expect({ code, ...json(out).error }).toMatchObject({ code: "dev-failed", class: "Holdfast.Transient" });
    expect(code).toBe(1);
  });
});

describe("a dev.json of a process that was killed", () => {
  it("is harmless while nobody has the data directory, and replaced by the next", async () => {
    await (await dev()).end("SIGKILL");
    const left = await readFile(devFile(), "utf8");
    expect((await own.holdfast("runs", "--json")).out).toBe("[]");
    const served = await dev();
    expect(await readFile(devFile(), "utf8")).not.toBe(left);
    expect((await own.holdfast("runs", "--json")).out).toBe("[]");
    await served.end("SIGTERM");
  });

  const busy = async () => {
    const said = await own.holdfast("runs", "--json");
    return { exit: said.code, code: json(said.out).error.code };
  };

  it.each([
    ["nobody listens any more", { endpoint: "http://127.0.0.1:1", pid: 1, key: "k" }],
    ["names no place on this machine", { endpoint: "http://10.0.0.1:8083", pid: 1, key: "k" }],
    ["is cut off", undefined],
  ])("leads to data-dir-busy while another process works there: %s", async (_, address) => {
    await dev();
    await writeFile(devFile(), address === undefined ? '{"endpoint":' : JSON.stringify(address));
    expect(await busy()).toEqual({ exit: 2, code: "data-dir-busy" });
  });

  it("does not lead to the platform of another data directory that has its port now", async () => {
    const served = await dev();
    const { key, ...address } = json(await readFile(devFile(), "utf8"));
    expect(address.endpoint).toBe(served.endpoint);
    await writeFile(devFile(), JSON.stringify({ ...address, key: `not ${key}` }));
    expect(await busy()).toEqual({ exit: 2, code: "data-dir-busy" });
  });

  it("does not lead to whatever else has its port now", async () => {
    await dev();
    const other = createServer((_, response) => response.writeHead(404).end("nothing here"));
    await writeFile(devFile(), JSON.stringify({ endpoint: await listening(other), pid: 1, key: "k" }));
    expect(await busy()).toEqual({ exit: 2, code: "data-dir-busy" });
    other.close();
  });
});

it("groups are said on this machine only", async () => {
  const { code, out } = await own.holdfast(
    ...["decide", "payer-1-1", "--decision", "approve", "--group", "ap", "--stack", "HoldfastPlatform", "--json"],
  );
  expect({ code, error: json(out).error.code }).toEqual({ code: 2, error: "as-with-stack" });
});
