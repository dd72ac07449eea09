import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Environment } from "../../lib/contract/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import { agentEntries, bundle, type Entries, platformEntries } from "../../lib/infra/index.ts";
import { FIXTURES, PROJECT } from "../synth/synthesise.ts";

const execute = promisify(execFile);

let directory = "";
let entries: Entries = {};
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-bundle-"));
  const agents = [...(await loadAgents(FIXTURES)), ...(await loadAgents(PROJECT))];
  entries = Object.assign({}, platformEntries(), ...agents.map(agentEntries));
  await bundle(entries, join(directory, "one"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const bytesOf = (key: string) => readFile(join(directory, "one", key, "index.mjs"), "utf8");

describe("a bundle", () => {
  test("holds a module and its source map for every function", async () => {
    for (const key of Object.keys(entries)) {
      expect((await readdir(join(directory, "one", key))).sort()).toEqual(["index.mjs", "index.mjs.map"]);
    }
  });

  test("is the same each time, and says nothing of the machine", async () => {
    await bundle(entries, join(directory, "elsewhere", "two"));
    for (const path of Object.keys(entries).flatMap((key) => [`${key}/index.mjs`, `${key}/index.mjs.map`])) {
      const text = await readFile(join(directory, "one", path), "utf8");
      expect(await readFile(join(directory, "elsewhere", "two", path), "utf8")).toBe(text);
      expect(text).not.toContain(directory);
      expect(text).not.toContain(process.cwd());
    }
  });

  test("exports a handler that Node can load", async () => {
    const script = `for (const path of process.argv.slice(1)) console.log(typeof (await import(path)).handler);`;
    const paths = Object.keys(entries).map((key) => pathToFileURL(join(directory, "one", key, "index.mjs")).href);
    const env = Object.fromEntries(Object.values(Environment).map((name) => [name, "given"]));
    const node = await execute(process.execPath, ["--input-type=module", "--eval", script, ...paths], { env });
    expect(node.stdout.trim().split("\n")).toEqual(paths.map(() => "function"));
  });

  const carrying = async (text: string) => {
    const found: string[] = [];
    for (const key of Object.keys(entries)) if ((await bytesOf(key)).includes(text)) found.push(key);
    return found.sort();
  };

  test("carries the S3 client nowhere", async () => {
    expect(await carrying("GetObjectCommand")).toEqual([]);
  });

  test("carries the client of Secrets Manager only where a tier names a webhook, and that of CloudFormation nowhere", async () => {
    expect(await carrying("GetSecretValue")).toEqual(["order-desk/holdfast_open_escalation"]);
    expect(await carrying("DescribeStacks")).toEqual([]);
  });

  test("carries the client of SQS only where events come in by a queue", async () => {
    expect(await carrying("AmazonSQS")).toEqual([
      "invoice-desk/start_invoice_desk",
      "order-desk/start_order_desk",
      "stock-report/start_stock_report",
      "support-desk/start_support_desk",
    ]);
  });

  test("takes its credentials from the environment, as Lambda gives them, and looks nowhere else", async () => {
    for (const key of Object.keys(entries)) {
      const text = await bytesOf(key);
      expect(text.includes("AWS_SECRET_ACCESS_KEY"), key).toBe(true);
      expect(
        /credential_process|AssumeRoleWithWebIdentity|AWS_CONTAINER_CREDENTIALS/.exec(text)?.[0],
        key,
      ).toBeUndefined();
    }
  });

  test("of a step stays within 560 KB", async () => {
    for (const key of Object.keys(entries).filter((name) => /\/(step|undo)_/.test(name))) {
      expect((await bytesOf(key)).length, key).toBeLessThanOrEqual(560_000);
    }
  });
});

test("asking for a function that was not bundled names those that were", async () => {
  const code = await bundle({ "a/step_x": "export const handler = 1;" }, join(directory, "three"));
  expect(() => code("a/step_y")).toThrow("No function a/step_y was bundled. Bundled: a/step_x.");
});

test("a module that is missing is named", async () => {
  const missing = { "a/step_x": 'import { run } from "/nowhere/step.ts"; export const handler = run;' };
  await expect(bundle(missing, join(directory, "four"))).rejects.toThrow('Could not resolve "/nowhere/step.ts"');
});
