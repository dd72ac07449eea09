import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stateMachineArnOf } from "../../lib/local/engine/index.ts";
import { commandLine } from "./command-line.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
let started: ChildProcess[];
beforeEach(async () => {
  cli = await commandLine();
  started = [];
});
afterEach(async () => {
  for (const process of started) process.kill("SIGKILL");
  await cli.remove();
});

const stateMachineArn = stateMachineArnOf("invoice-desk");

/** `holdfast dev` as a process of its own, once it is ready. */
async function dev() {
  const args = ["bin/holdfast.mjs", "--data-dir", cli.dataDir, "dev", "--port", "0", "--json"];
  const process = spawn("node", args, { stdio: ["ignore", "pipe", "pipe"] });
  started.push(process);
  const told: string[] = [];
  createInterface({ input: process.stderr }).on("line", (line) => told.push(line));
  const [line] = await once(createInterface({ input: process.stdout }), "line");
  const ready = JSON.parse(line);
  const configuration = {
    endpoint: ready.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "nobody", secretAccessKey: "checks" },
  };
  const states = new SFNClient(configuration);
  const events = new EventBridgeClient(configuration);
  return {
    ready,
    told,
    async put(file: string) {
      const event = JSON.parse(await readFile(file, "utf8"));
      const entry = { Source: event.source, DetailType: event["detail-type"], Detail: JSON.stringify(event.detail) };
      return events.send(new PutEventsCommand({ Entries: [entry] }));
    },
    /** The executions there are, when all have this status. */
    async executions(status: string) {
      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
      expect(executions.map((execution) => execution.status)).toEqual(executions.map(() => status));
      return executions;
    },
    describe: (executionArn: string | undefined) => states.send(new DescribeExecutionCommand({ executionArn })),
    /** Ends it, and gives its exit status. */
    async end(signal: NodeJS.Signals) {
      const exit = once(process, "exit");
      process.kill(signal);
      const [code, killedBy] = await exit;
      return code ?? killedBy;
    },
  };
}

type Dev = Awaited<ReturnType<typeof dev>>;

const until = <Found>(look: () => Promise<Found>) => vi.waitFor(look, { timeout: 50_000, interval: 100 });
const ended = (served: Dev) => until(() => served.executions("SUCCEEDED"));

describe("holdfast dev", () => {
  it("says where it is and what starts runs, runs the agents, and ends with 0 on SIGTERM", async () => {
    const served = await dev();
    expect(served.ready).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      agents: [
        {
          name: "invoice-desk",
          triggers: [{ source: "erp.invoices", detailType: "InvoiceReceived", dedupeBy: "invoiceId" }],
        },
        {
          name: "support-desk",
          triggers: [{ source: "shop.support", detailType: "SupportRequested", dedupeBy: "requestId" }],
        },
      ],
    });
    expect(await served.put(await cli.event("clean"))).toMatchObject({ FailedEntryCount: 0 });
    const [execution] = await ended(served);
    await served.put(await cli.event("clean"));
    expect(await served.executions("SUCCEEDED")).toHaveLength(1);
    expect(await served.end("SIGTERM")).toBe(0);
    expect(served.told.filter((line) => line.includes("InvoiceReceived"))).toEqual([
      expect.stringContaining(`starts ${execution?.name}`),
      expect.stringContaining(`was run before, as ${execution?.name}`),
    ]);
    expect(await cli.payments()).toHaveLength(1);
  });

  it("ends with 0 on SIGINT while a run waits for a person, whose decision counts afterwards", async () => {
    const first = await dev();
    await first.put(await cli.event("mismatch"));
    const escalation = await until(async () => {
      const notices = await readFile(`${cli.dataDir}/notifications.jsonl`, "utf8");
      return JSON.parse(notices).id;
    });
    expect(await first.end("SIGINT")).toBe(0);
    expect((await cli.holdfast("decide", escalation, "--decision", "approve", "--as", "x@example.com")).code).toBe(0);
    const second = await dev();
    expect(await ended(second)).toHaveLength(1);
    expect(await second.end("SIGINT")).toBe(0);
  });

  it("loses nothing that it acknowledged when it is killed", async () => {
    const first = await dev();
    await first.put(await cli.event("clean"));
    expect(await first.end("SIGKILL")).toBe("SIGKILL");
    const second = await dev();
    const [execution] = await ended(second);
    expect((await second.describe(execution?.executionArn)).output).toContain('"verdict":"clean"');
    expect(await cli.payments()).toHaveLength(1);
  });

  it("refuses a port that is taken, with what to do", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const { code, out } = await cli.holdfast("dev", "--port", port, "--json");
    other.close();
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({
      code: "port-unavailable",
      message: expect.stringContaining("--port"),
    });
  });

  it.each(["-1", "65536", "http", "80.5"])("refuses %s as a port", async (port) => {
    const { code, err } = await cli.holdfast("dev", `--port=${port}`);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("65535") });
  });
});
