import { type ChildProcess, fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "../lib/cli/table.ts";
import { Environment } from "../lib/contract/index.ts";
import { bundle } from "../lib/infra/index.ts";
import type { Row } from "./observe/pairs.ts";

/**
 * Prints what traces, logs and metrics cost a step: the function as it is deployed, bundled, beside the same without them, in
 * turns in one process. Segments go to a socket over UDP, lines to a pipe, items to a DynamoDB in a process of its own.
 * Usage: npm run bench:observe [-- --json]
 */
const LIMIT_RATIO = 1.25;
const ROOT = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad";

interface Measured {
  readonly sampled: boolean;
  readonly rows: readonly Row[];
  readonly datagrams: number;
  readonly logBytes: number;
}

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const messageOf = async <Message>(child: ChildProcess): Promise<Message> =>
  (await once(child, "message"))[0] as Message;

async function measure(module: string, sampled: boolean): Promise<Measured> {
  const daemon = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 });
  let [datagrams, logBytes] = [0, 0];
  daemon.on("message", () => {
    datagrams += 1;
  });
  await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  const dynamo = fork(pathOf("observe/dynalite.ts"), { execArgv: ["--import", "tsx"] });
  const { endpoint, table: name } = await messageOf<{ endpoint: string; table: string }>(dynamo);
  const env = {
    ...process.env,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    _X_AMZN_TRACE_ID: `${ROOT};Sampled=${sampled ? 1 : 0}`,
    [Environment.table]: name,
    [Environment.claims]: "s3://claims/",
  };
  const child = fork(module, { env, execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] });
  child.stdout?.on("data", (chunk: Buffer) => {
    logBytes += chunk.length;
  });
  try {
    return { sampled, rows: await messageOf<Row[]>(child), datagrams, logBytes };
  } finally {
    for (const each of [child, dynamo]) each.kill();
    daemon.close();
  }
}

function inWords(all: readonly Measured[]): string {
  const heads = [
    "",
    "trace",
    "bare p50, µs",
    "observed p50, µs",
    "ratio",
    "of pairs",
    "bare p95",
    "observed p95",
    "limit",
  ];
  const rows = all.flatMap(({ sampled, rows }) =>
    rows.map((row) => [
      ...[row.what, sampled ? "recorded" : "not sampled", row.bare, row.observed, row.ratio, row.ratioOfPairs],
      ...[row.bare95, row.observed95, row.ratio <= LIMIT_RATIO ? "within" : "over"],
    ]),
  );
  const sent = all.map(
    ({ sampled, datagrams, logBytes }) =>
      `${sampled ? "recorded" : "not sampled"}: ${datagrams} datagrams, ${logBytes} bytes of lines`,
  );
  return [
    `A step with traces, logs and metrics; limited to ${LIMIT_RATIO} times the same without`,
    table(heads, rows),
    ...sent,
  ].join("\n");
}

const directory = await mkdtemp(join(tmpdir(), "holdfast-bench-observe-"));
try {
  await bundle(
    { pairs: `import { tell } from ${JSON.stringify(pathOf("observe/pairs.ts"))}; await tell();` },
    join(directory, "bundle"),
  );
  const module = join(directory, "bundle", "pairs", "index.mjs");
  const all = [await measure(module, true), await measure(module, false)];
  process.stdout.write(
    `${process.argv.includes("--json") ? JSON.stringify({ limitRatio: LIMIT_RATIO, all }) : inWords(all)}\n`,
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
