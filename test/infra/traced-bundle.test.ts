import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Environment } from "../../lib/contract/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import { agentEntries, bundle } from "../../lib/infra/index.ts";
import { startDynalite } from "../dynalite.ts";
import { startDaemon } from "../fakes/x-ray-daemon.ts";
import { documentsOf, latest } from "../segment-document.ts";
import { FIXTURES } from "../synth/synthesise.ts";

const PARENT = "463ac35c9f6413ad";
const header = (sampled: 0 | 1) => `Root=1-67891233-abcdef012345678912345678;Parent=${PARENT};Sampled=${sampled}`;
const FUNCTION = "credit-check/step_look_up";

let directory = "";
let dynalite: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-traced-"));
  const agents = (await loadAgents(FIXTURES)).filter(({ name }) => name === "credit-check");
  const all = Object.assign({}, ...agents.map(agentEntries));
  await bundle({ [FUNCTION]: all[FUNCTION] }, directory);
  dynalite = await startDynalite();
});
afterAll(async () => {
  await dynalite.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Invokes the bundled function as Lambda does, twice in one process, each in a trace of its own. */
async function invoked(sampled: 0 | 1) {
  const daemon = await startDaemon();
  const { hostname, port } = (await dynalite.client.config.endpoint?.()) ?? { hostname: "", port: 0 };
  const script = `
    const { handler } = await import(process.argv[1]);
    for (const root of ["a", "b"]) {
      process.env._X_AMZN_TRACE_ID = process.env._X_AMZN_TRACE_ID.replace(/Root=1-[0-9a-f]{8}-./, "Root=1-67891233-" + root);
      const event = { runId: "credit-check-" + root, path: "look-up", visit: 1, attempt: 1, input: {} };
      await handler(event).catch(({ name }) => console.log(name));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));`;
  const env = {
    ...{ PATH: process.env.PATH, LAMBDA_TASK_ROOT: "/var/task", AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
    ...{ AWS_LAMBDA_FUNCTION_VERSION: "7", AWS_LAMBDA_FUNCTION_NAME: "look-up", _X_AMZN_TRACE_ID: header(sampled) },
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: `http://${hostname}:${port}`, AWS_XRAY_DAEMON_ADDRESS: daemon.address },
    ...{ [Environment.table]: dynalite.table, [Environment.claims]: "s3://claims/", NODE_NO_WARNINGS: "1" },
  };
  const bundled = pathToFileURL(join(directory, FUNCTION, "index.mjs")).href;
  const { stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script, bundled], {
    env,
  });
  const documents = latest((await daemon.received()).flatMap(documentsOf));
  await daemon.stop();
  return { stderr, documents };
}

test("a bundled step sends the spans of its invocations, with its calls of AWS, and says nothing else", async () => {
  const { stderr, documents } = await invoked(1);
  expect(stderr).toBe("");
  for (const root of ["a", "b"]) {
    const own = documents.filter(({ trace_id }) => trace_id.startsWith(`1-67891233-${root}`));
    const [step, ...others] = own.filter(({ name }) => name === "look-up");
    expect(others).toEqual([]);
    expect(step).toMatchObject({ parent_id: PARENT, annotations: { version: "7", run: `credit-check-${root}` } });
    const calls = own.filter(({ name }) => name === "DynamoDB");
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      expect(call).toMatchObject({
        parent_id: step?.id,
        annotations: { run: `credit-check-${root}`, step: "look-up" },
      });
    }
  }
});

test("what is not sampled sends nothing", async () => {
  const { stderr, documents } = await invoked(0);
  expect({ stderr, documents }).toEqual({ stderr: "", documents: [] });
});
