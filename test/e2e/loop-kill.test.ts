import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { project } from "../cli/project.ts";
import { type Call, loopWorld } from "./loop-world.ts";

type Moment = "asked" | "answered";
/** The process dies before and after the answer to every call; by default at every fifth, on either side in turn. */
const IS_WHOLE = process.env.HOLDFAST_KILLS !== undefined;
const EVERY = 5;

const look = (n: number) => ({ name: "look", input: { n } });
const pay = (n: number) => ({ name: "pay", input: { n } });
const note = (n: number) => ({ name: "note", input: { n } });
/** Twelve turns with the answer. */
const TURNS = [
  [look(1), look(2), look(3)],
  [note(1)],
  [look(4)],
  [look(5), look(6)],
  [pay(10)],
  [look(7)],
  [look(8), note(2)],
  [look(9), look(10)],
  [look(11)],
  [pay(20), look(12)],
  [look(13)],
];
const CALLS = TURNS.flat().length;

const cli = await commandLine();
const own = project(cli);
let world: Awaited<ReturnType<typeof loopWorld>>;

beforeAll(async () => {
  world = await loopWorld(TURNS, { value: 7 });
  const number = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
  const tool = (path: string, more: object) => ({
    description: "Does as it is told.",
    input: number,
    output: { type: "object" },
    timeout: "5s",
    breaker: { failures: 50, halfOpenAfter: "1s" },
    health: "calls",
    fallback: "none",
    onFailure: { timeout: "retry" },
    http: { url: `${world.url}/${path}`, method: "POST" },
    ...more,
  });
  const write = { effect: "write", idempotency: "keyed" };
  await own.declare("looping", {
    escalations: { people: { tiers: [{ audience: "desk", within: "4h" }] } },
    models: { "openai/counted": { prices: { input: 1, output: 2 }, endpoint: { url: `${world.url}/v1` } } },
    tools: {
      look: tool("look", { effect: "read", idempotency: "natural" }),
      note: tool("note", { ...write, gate: { none: "Nobody reads it." } }),
      pay: tool("pay", write),
    },
    steps: [
      {
        kind: "reason",
        name: "settle",
        goal: "Settle it.",
        instructions: "Do as you are told.",
        input: { id: { $from: "input.id" } },
        output: { type: "object", properties: { value: { type: "number" } }, required: ["value"] },
        tools: ["look", "note", "pay"],
        models: { first: "openai/counted" },
        limits: { turns: 20 },
      },
    ],
  });
});
afterAll(async () => {
  await world.stop();
  await cli.remove();
});

/** The command line in a process of its own, which dies by SIGKILL where `kills` says so. */
function inProcess(args: readonly string[], kills: (moment: Moment, call: Call) => boolean) {
  const child = spawn(process.execPath, ["bin/holdfast.mjs", "--root", own.root, "--data-dir", cli.dataDir, ...args]);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.resume();
  world.watch((moment, call) => {
    if (kills(moment, call)) child.kill("SIGKILL");
  });
  return new Promise<{ readonly code: number | null; readonly killed: boolean; readonly out: string }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, killed: signal === "SIGKILL", out }));
  });
}

/** What a call is about, whichever process makes it. */
const placeOf = ({ what, body }: Call) => (isTurn({ what }) ? what : `${what} ${body}`);
const isTurn = ({ what }: Pick<Call, "what">) => what.startsWith("turn");

test("a loop of twelve turns that is killed at its calls buys and writes what one that is not does", async () => {
  const left = new Map<string, readonly Moment[]>();
  const deaths = new Map<string, number>();
  const planFor = (index: number): readonly Moment[] => {
    if (IS_WHOLE) return ["asked", "answered"];
    return index % EVERY > 0 ? [] : index % 2 === 0 ? ["asked"] : ["answered"];
  };
  const dies = (moment: Moment, call: Call): boolean => {
    const place = placeOf(call);
    const [next, ...later] = left.get(place) ?? planFor(left.size);
    const strikes = next === moment;
    left.set(place, strikes || next === undefined ? later : [next, ...later]);
    if (strikes) deaths.set(place, (deaths.get(place) ?? 0) + 1);
    return strikes;
  };

  const event = { id: "1", source: "test", "detail-type": "looping", detail: { id: "a", requestedBy: "zoe" } };
  const start = ["run", "looping", "--event", await cli.file(JSON.stringify(event)), "--json"];
  const standing = async () => {
    const [run] = JSON.parse((await own.holdfast("runs", "--json")).out);
    return JSON.parse((await own.holdfast("show", run.runId, "--json")).out);
  };
  await inProcess(start, dies);
  let run = await standing();
  while (run.status !== "completed") {
    const [asked] = run.escalations;
    const approve = ["decide", asked?.id, "--decision", "approve", "--as", "ann", "--json"];
    await inProcess(asked === undefined ? ["resume", "--json"] : approve, dies);
    run = await standing();
  }

  expect(run.output).toEqual({ value: 7 });
  const kills = [...deaths.values()].reduce((sum, count) => sum + count, 0);
  console.info(`${kills} kills at ${left.size} calls, ${world.calls.length} requests`);
  expect(left.size).toBe(TURNS.length + 1 + CALLS);
  expect(kills).toBeGreaterThanOrEqual(IS_WHOLE ? left.size * 2 : left.size / EVERY);

  const asked = new Map<string, Call[]>();
  for (const call of world.calls) asked.set(placeOf(call), [...(asked.get(placeOf(call)) ?? []), call]);
  for (const [place, calls] of asked) {
    expect(calls.length, place).toBeLessThanOrEqual(1 + (deaths.get(place) ?? 0) + sideBySide(place, deaths));
    expect(new Set(calls.map(({ body }) => body)).size, place).toBe(1);
    if (!place.startsWith("turn"))
      expect(
        calls.filter(({ isRepeat }) => !isRepeat),
        place,
      ).toHaveLength(1);
  }
}, 300_000);

/** A call under way beside one at which the process dies is lost with it. */
function sideBySide(place: string, deaths: ReadonlyMap<string, number>): number {
  const placed = (asked: (typeof TURNS)[number]) => asked.map(({ name, input }) => `/${name} ${JSON.stringify(input)}`);
  const beside = TURNS.map(placed).find((places) => places.includes(place)) ?? [];
  return beside.filter((other) => other !== place).reduce((sum, other) => sum + (deaths.get(other) ?? 0), 0);
}
