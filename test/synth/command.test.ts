import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PROJECT } from "./synthesise.ts";

test("cdk synth refuses a stage that does not exist and names those that do", async () => {
  const synth = promisify(execFile)("npx", ["cdk", "synth", "--quiet", "-c", "stage=staging"], { cwd: PROJECT });
  await expect(synth).rejects.toThrow('There is no stage "staging". Allowed: dev or prod');
});

test("what cannot be deployed is told as by the command line: message and page, without a stack", async () => {
  const outdir = await mkdtemp(join(tmpdir(), "holdfast-refused-"));
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ stage: "prod" }) };
  const app = promisify(execFile)(process.execPath, ["--import", "tsx", "bin/app.ts"], { cwd: PROJECT, env });
  const refused: unknown = await app.catch((error: unknown) => error);
  await rm(outdir, { recursive: true });
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error Stage prod is refused.*\n {6}not-ready: see docs\/errors\/not-ready\.md\n$/s),
  });
  expect(refused).not.toMatchObject({ stderr: expect.stringMatching(/^ +at /m) });
});
