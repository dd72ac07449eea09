import { execFile } from "node:child_process";
import { Socket } from "node:dgram";
import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { project } from "../cli/project.ts";
import { documentsOf, latest, type SegmentDocument } from "../segment-document.ts";
import { findBrowser } from "./browser.ts";
import { holdfast } from "./killable.ts";

const OUTPUT = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
const task = (name: string, more: object = {}) => ({
  kind: "task",
  name,
  handler: `./${name}.mjs`,
  effect: "none",
  output: OUTPUT,
  input: { id: { $from: "input.id" } },
  retry: { transient: { retries: 1, interval: "1s", maxDelay: "1s" }, preset: "none" },
  ...more,
});
const DESK = { desk: { tiers: [{ audience: "clerks", within: "4h" }], otherwise: "abort" } };
const STEPS = [
  task("book", { effect: "write", gate: { none: "It is only a test." }, compensate: "./unbook.mjs" }),
  {
    kind: "parallel",
    name: "both",
    branches: { shaky: { steps: [task("check")] }, steady: { steps: [task("look")] } },
  },
  { kind: "approval", name: "ask", ladder: "desk", request: { n: 1 } },
];
const MODULES = {
  "book.mjs": 'export const run = async (_, { action }) => ({ n: await action("post", async () => 1) });',
  "unbook.mjs": 'export const run = async (_, { action }) => { await action("cancel", async () => 1); };',
  "check.mjs":
    'export const run = async (_, { attempt, log }) => { log.info("checked"); if (attempt === 1) throw Object.assign(new Error("4711"), { code: "ECONNRESET" }); return { n: 2 }; };',
  "look.mjs": "export const run = () => ({ n: 3 });",
};

const cli = await commandLine();
const own = project(cli);
/** What has come in over UDP in this process. */
const datagrams: Buffer[] = [];

/** A run with a retry, a parallel branch, a human wait and a compensation, which people end. */
let runId = "";
let waiting: readonly SegmentDocument[] = [];
let all: readonly SegmentDocument[] = [];
beforeAll(async () => {
  vi.spyOn(Socket.prototype, "emit").mockImplementation(function (this: Socket, event, ...args: unknown[]) {
    if (event === "message") datagrams.push(args[0] as Buffer);
    return EventEmitter.prototype.emit.call(this, event, ...args);
  });
  await own.declare("tracer-desk", { escalations: DESK, steps: STEPS, requester: "requestedBy" }, MODULES);
  const { code, report } = await own.run("tracer-desk");
  expect(code).toBe(3);
  runId = report.runId;
  waiting = documents();
  const decided = await own.holdfast("decide", runId, "--decision", "reject", "--as", "ann", "--json");
  expect(JSON.parse(decided.out)).toMatchObject({ status: "abandoned" });
  all = documents();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await cli.remove();
});

const isMark = (datagram: Buffer) => datagram.length === 36;
const documents = () => latest(datagrams.filter((datagram) => !isMark(datagram)).flatMap(documentsOf));

/** Those that are part of something that nobody has told of. */
function orphans(all: readonly Pick<SegmentDocument, "id" | "parent_id" | "name">[]) {
  const ids = new Set(all.map(({ id }) => id));
  return all.filter(({ parent_id: parent }) => parent !== undefined && !ids.has(parent));
}

const named = (all: readonly SegmentDocument[], name: string) => all.filter((document) => document.name === name);
const only = (all: readonly SegmentDocument[], name: string) => {
  const [found, ...more] = named(all, name);
  if (found === undefined || more.length > 0) throw new Error(`Not one ${name}, but ${named(all, name).length}.`);
  return found;
};

describe("a run with a retry, a parallel branch, a human wait and a compensation", () => {
  test("is one tree in one trace, every document of which names the run", () => {
    expect(all.length).toBeGreaterThan(25);
    expect(all.filter(({ annotations }) => annotations?.run !== runId)).toEqual([]);
    expect(new Set(all.map(({ trace_id }) => trace_id)).size).toBe(1);
    expect(orphans(all)).toEqual([]);
    expect(all.filter(({ parent_id }) => parent_id === undefined).map(({ name }) => name)).toEqual(["tracer-desk"]);
    expect(all.filter(({ end_time }) => end_time === undefined)).toEqual([]);
  });

  test("shows each attempt, with the class of its error and nothing of what it says", () => {
    const invocations = named(all, "tracer-desk:step_check");
    expect(invocations.map(({ annotations }) => annotations?.attempt)).toEqual([1, 2]);
    expect(invocations).toMatchObject([{ origin: "AWS::Lambda::Function" }, { origin: "AWS::Lambda::Function" }]);
    const failed = { fault: true, cause: { exceptions: [{ type: "Holdfast.Transient", message: "unclassified" }] } };
    expect(invocations[0]).toMatchObject(failed);
    expect(invocations[1]?.fault).toBeUndefined();
    const spans = named(all, "check").filter(({ annotations }) => annotations?.step === "check");
    expect(spans.map(({ parent_id }) => parent_id)).toEqual(invocations.map(({ id }) => id));
    expect(spans[0]).toMatchObject({ ...failed, annotations: { outcome: "failed", effect: "none" } });
    expect(Buffer.concat(datagrams).toString()).not.toContain("4711");
  });

  test("shows branches, actions, people and the undoing where they belong", () => {
    const [checkState] = named(all, "check").filter(({ annotations }) => annotations?.step === undefined);
    expect(checkState?.parent_id).toBe(only(all, "both").id);
    expect(only(all, "post")).toMatchObject({ annotations: { step: "book", action: "post", outcome: "performed" } });
    expect(only(all, "cancel")).toMatchObject({ annotations: { step: "undo book", effect: "write" } });
    expect(only(all, "plan compensation").annotations?.agent).toBe("tracer-desk");
    const asking = waiting.filter(({ in_progress: open }) => open === true).map(({ name }) => name);
    expect(asking).toContain("tracer-desk");
    expect(asking).toContain("desk: tier 1");
    const asked = only(all, "desk: tier 1");
    expect((asked.end_time ?? 0) - asked.start_time).toBeGreaterThan(0);
  });

  test("is drawn for people, machines and browsers", async () => {
    const said = await own.holdfast("trace", runId);
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/tracer-desk:step_check +█* +█+ +\d+ ms +(attempt 1 )?Holdfast.Transient unclassif/);
    expect(said.out).toMatch(/ {8}post +█+/);
    const { out } = await own.holdfast("trace", runId, "--json");
    const { version, segments } = JSON.parse(out);
    expect(version).toBe(1);
    const known = new Set(all.map(({ id }) => id));
    expect(new Set(segments.map(({ id }: { id: string }) => id))).toEqual(known);
    const page = join(cli.directory, "trace.html");
    expect((await own.holdfast("trace", runId, "--html", page)).code).toBe(0);
    expect(await readFile(page, "utf8")).toBe(`${(await own.holdfast("trace", runId, "--html", "-")).out}\n`);
  });
});

test("a run that is not there is said not to be", async () => {
  const said = await own.holdfast("trace", `tracer-desk-${"0".repeat(32)}`, "--json");
  expect({ code: said.code, ...JSON.parse(said.out).error }).toMatchObject({ code: "unknown-run" });
  expect(said.code).toBe(2);
});

test("a page that cannot be written is said so", async () => {
  const said = await own.holdfast("trace", runId, "--html", join(cli.directory, "nowhere", "trace.html"));
  expect(said).toMatchObject({ code: 2, err: expect.stringContaining("page-unwritable") });
});

test("a run that is killed and resumed leaves nothing behind that belongs nowhere", async () => {
  const event = await cli.event("clean");
  const args = ["run", "invoice-desk", "--event", event, "--fault", "propose-payment:kill-after"];
  expect((await holdfast(cli.dataDir, args)).killed).toBe(true);
  const [resumed] = JSON.parse((await holdfast(cli.dataDir, ["resume", "--json"])).out);
  expect(resumed).toMatchObject({ status: "completed" });
  const { segments } = JSON.parse((await holdfast(cli.dataDir, ["trace", resumed.runId, "--json"])).out);
  const roots = segments.filter(({ parentId }: { parentId: string | null }) => parentId === null);
  expect(roots).toMatchObject([{ name: "invoice-desk", status: "completed" }]);
  const steps = segments.map(({ annotations }: { annotations: { step?: string } }) => annotations.step);
  for (const step of ["extract", "match", "propose-payment", "notify"]) expect(steps).toContain(step);
});

const browser = findBrowser();
test.skipIf(browser === undefined)("the page of a trace is shown by a browser: no script, no network", async () => {
  const page = join(cli.directory, "trace.html");
  await own.holdfast("trace", runId, "--html", page);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${join(cli.directory, "browser")}`];
  const shown = await promisify(execFile)(browser ?? "", [...flags, "--dump-dom", `file://${page}`]);
  expect(shown.stdout).toContain(`<h1>${runId}</h1>`);
  expect(shown.stdout.match(/<details>/g)?.length).toBe(all.length);
  expect(shown.stderr).not.toMatch(/Refused to|Content Security Policy/);
});
