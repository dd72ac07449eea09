import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import { whyOf } from "../../lib/cli/report/why/why.ts";
import { checkAgentFile, findAgents, type LoadedAgent } from "../../lib/definition/index.ts";
import { systemChance, systemClock } from "../../lib/local/index.ts";
import { readRecord } from "../../lib/runtime/index.ts";
import { startDynalite } from "../dynalite.ts";
import { startCloudFormation } from "../fakes/cloudformation-server.ts";
import { type StackContent, startStack } from "../fakes/stack-server.ts";
import { inProcess } from "../in-process.ts";
import { commandLine } from "./command-line.ts";
import { task } from "./fault-cases.ts";
import { project } from "./project.ts";

const STACK = ["--stack", "HoldfastPlatform"];
const INPUT = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };

let cli: Awaited<ReturnType<typeof commandLine>>;
let own: ReturnType<typeof project>;
let dynalite: Awaited<ReturnType<typeof startDynalite>>;
let cloudFormation: Awaited<ReturnType<typeof startCloudFormation>>;
let stack: Awaited<ReturnType<typeof startStack>>;
let agent: LoadedAgent;
let runId = "";
let content: StackContent;
const linesOfWork: string[] = [];

const json = (text: string) => JSON.parse(text);
const line = (level: string, message: string, of = runId) =>
  JSON.stringify({ level, timestamp: new Date().toISOString(), message, correlation_id: of, step: "work" });

/** A run in the stack: its items in DynamoDB, its history where Step Functions keeps it. */
beforeAll(async () => {
  cli = await commandLine();
  own = project(cli);
  dynalite = await startDynalite();
  const retry = { preset: "none", transient: { retries: 1, interval: "1s", maxDelay: "1s" } };
  const steps = [task("look", { onFailure: "fail" }), task("work", { retry, onFailure: "fail" })];
  await own.declare("payer", { input: INPUT, steps }, { "look.mjs": "", "work.mjs": "" });
  const [file] = await findAgents(own.root);
  const checked = file && (await checkAgentFile(file));
  if (file === undefined || checked?.ok !== true) throw new Error(JSON.stringify(checked));
  agent = { ...file, document: checked.agent };
  const store = new DynamoRunStore(dynalite.client, dynalite.table);
  const handlerOf = (handler: string) => () => {
    if (handler.includes("look")) return { n: 1 };
    throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  };
  const world = inProcess(agent, { store, clock: systemClock(), chance: systemChance(), handlerOf });
  const { name, status, startDate, stopDate = startDate, error, cause } = await world.run({ id: "a" });
  runId = name;
  const dates = { startDate: startDate.getTime() / 1_000, stopDate: stopDate.getTime() / 1_000 };
  const segment = (id: string, trace: string, more: object = {}) => ({
    ...{ id, name: "work", trace_id: trace, start_time: dates.startDate, end_time: dates.stopDate },
    ...{ annotations: { run: runId }, ...more },
  });
  const traces = ["1", "2", "3", "4", "5", "6", "7"].map((trace) => [
    `1-0000000${trace}-000000000000000000000000`,
    [segment(`000000000000000${trace}`, `1-0000000${trace}-000000000000000000000000`)],
  ]);
  const [first, held] = traces[0] as [string, object[]];
  held[0] = segment("0000000000000001", first, {
    subsegments: [{ id: "00000000000000aa", name: "DynamoDB", start_time: dates.startDate, end_time: dates.stopDate }],
  });
  linesOfWork.push(line("INFO", "begun"), "START RequestId: 1", line("WARN", "ended badly"));
  content = {
    executions: {
      [`arn:aws:states:eu-west-1:123456789012:execution:holdfast-payer:${runId}`]: {
        described: { executionArn: "", stateMachineArn: "", name, status, error, cause, ...dates },
        history: await world.history(runId),
      },
    },
    logs: {
      "Holdfast-payer-workLogs": linesOfWork,
      "Holdfast-payer-desk-workLogs": [line("ERROR", "of another run", "payer-desk-1")],
      "HoldfastPlatform-decideLogs": [line("ERROR", "decided")],
    },
    traces: { [runId]: Object.fromEntries(traces) },
  };
  stack = await startStack(content);
  cloudFormation = await startCloudFormation({ HoldfastPlatform: { RunsTable: "runs" }, Old: {} });
  const { protocol, hostname, port } = (await dynalite.client.config.endpoint?.()) ?? {
    protocol: "",
    hostname: "",
    port: 0,
  };
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `${protocol}//${hostname}:${port}`);
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDFORMATION", cloudFormation.endpoint);
  for (const service of ["SFN", "CLOUDWATCH_LOGS", "XRAY"]) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, stack.endpoint);
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
}, 60_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  stack.stop();
  cloudFormation.stop();
  await dynalite.stop();
  await cli.remove();
});

describe("a run of a deployed stack", () => {
  it("is listed", async () => {
    const rows = json((await own.holdfast("runs", "--since", "1h", ...STACK, "--json")).out);
    expect(rows).toMatchObject([{ runId, agent: "payer", status: "failed" }]);
    expect(json((await own.holdfast("runs", "--status", "running", ...STACK, "--json")).out)).toEqual([]);
  });

  it("is told of as it is where it runs", async () => {
    const told = json((await own.holdfast("why", runId, ...STACK, "--json")).out);
    expect(told.cause).toMatchObject({ class: "Holdfast.Transient", path: "work", attempt: 2 });
    expect(told.tried).toHaveLength(2);
    const store = new DynamoRunStore(dynalite.client, dynalite.table);
    const [known] = Object.values(content.executions);
    const execution = { status: "FAILED", ...known?.described } as { status: string };
    const record = await readRecord({ store, clock: systemClock() }, runId);
    const facts = {
      runId,
      execution,
      history: known?.history ?? [],
      record,
      escalations: [],
      usage: undefined,
      now: 0,
    };
    const here = whyOf(facts, agent.document, { isElsewhere: true, stack: "HoldfastPlatform" });
    expect(told).toMatchObject(JSON.parse(JSON.stringify(here)));
  });

  it("shows its timeline, and what it has cost by what its items say", async () => {
    const { status, timeline, cost } = json((await own.holdfast("show", runId, ...STACK, "--json")).out);
    expect(status).toBe("failed");
    expect(timeline.filter(({ kind }: { kind: string }) => kind === "attempt")).toHaveLength(3);
    expect(cost.counts).toMatchObject({ transitions: 4, storeWrites: 5 });
  });

  it("has its lines of all log groups, by level", async () => {
    const lines = async (...args: string[]) => {
      const { out } = await own.holdfast("logs", runId, ...STACK, "--json", ...args);
      return out.split("\n").map((text) => json(text).message);
    };
    expect(await lines()).toEqual(["begun", "ended badly", "decided"]);
    expect(await lines("--level", "error")).toEqual(["decided"]);
  });

  it("has no line that could write to the terminal by itself", async () => {
    const hostile = "\u001b[31m\u009b2J";
    const timestamp = `2026-11-21T00:00:00.000Z${hostile}`;
    const said = {
      level: "INFO",
      timestamp,
      message: hostile,
      correlation_id: runId,
      step: hostile,
      [hostile]: hostile,
    };
    linesOfWork.push(JSON.stringify(said));
    const { out } = await own.holdfast("logs", runId, ...STACK);
    linesOfWork.pop();
    expect(out).toContain("\\u009b2J");
    for (const control of ["\u001b", "\u009b"]) expect(out).not.toContain(control);
  });

  it("has every part of its traces", async () => {
    const { out, code } = await own.holdfast("trace", runId, ...STACK, "--json");
    expect(code).toBe(0);
    for (const id of ["0000000000000001", "00000000000000aa", "0000000000000007"]) expect(out).toContain(id);
  });
});

describe("a stack that does not answer", () => {
  it.each([
    [
      "without permission",
      "DescribeExecution",
      "AccessDeniedException",
      "stack-forbidden",
      "states:DescribeExecution",
      2,
    ],
    [
      "without permission for logs",
      "FilterLogEvents",
      "AccessDeniedException",
      "stack-forbidden",
      "logs:FilterLogEvents",
      2,
    ],
    [
      "when it is asked too often",
      "GetExecutionHistory",
      "ThrottlingException",
      "stack-throttled",
      "states:GetExecutionHistory",
      1,
    ],
  ])("%s says what to do", async (_, operation, name, code, words, exit) => {
    stack.refusals.set(operation, name);
    try {
      const command = operation === "FilterLogEvents" ? "logs" : "why";
      const said = await own.holdfast(command, runId, ...STACK, "--json");
      expect(json(said.out).error).toMatchObject({ code, message: expect.stringContaining(words) });
      expect(said.code).toBe(exit);
    } finally {
      stack.refusals.clear();
    }
  });

  it.each([
    ["a run that it does not know", ["why", `payer-${"0".repeat(32)}`, ...STACK], "unknown-run"],
    ["a stack that there is not", ["runs", "--stack", "Typo"], "stack-missing"],
    ["a stack of before its table was told", ["runs", "--stack", "Old"], "stack-output-missing"],
    ["a stack that may not be looked at", ["runs", "--stack", "Secret"], "stack-forbidden"],
  ])("is said so of %s", async (_, args, code) => {
    const said = await own.holdfast(...args, "--json");
    expect({ code: said.code, error: json(said.out).error.code }).toEqual({ code: 2, error: code });
  });
});
