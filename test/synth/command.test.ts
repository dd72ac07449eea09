import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../lib/compiler/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import { PROJECT } from "./synthesise.ts";

const execute = promisify(execFile);
let outdir = "";
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), "holdfast-cdk-"));
});
afterAll(() => rm(outdir, { recursive: true, force: true }));

/** `npx cdk synth` on a machine that knows no AWS account. */
const cdkSynth = (...options: string[]) => {
  const env = { PATH: process.env.PATH, HOME: outdir, AWS_EC2_METADATA_DISABLED: "true" };
  return execute("npx", ["cdk", "synth", "--quiet", "--output", outdir, ...options], { cwd: PROJECT, env });
};

test("cdk synth puts the compiled document of every agent into its stack, without an account", async () => {
  await cdkSynth();
  for (const { name, document } of await loadAgents(PROJECT)) {
    const { Resources } = JSON.parse(await readFile(join(outdir, `Holdfast-${name}.template.json`), "utf8"));
    const definitions = Object.values<{ Properties: { DefinitionString?: string } }>(Resources).flatMap(
      ({ Properties }) => Properties.DefinitionString ?? [],
    );
    expect(definitions.map((definition) => JSON.parse(definition))).toEqual([compile(document)]);
  }
});

test("cdk synth refuses a stage that does not exist and names those that do", async () => {
  await expect(cdkSynth("-c", "stage=staging")).rejects.toThrow('There is no stage "staging". Allowed: dev or prod');
});
