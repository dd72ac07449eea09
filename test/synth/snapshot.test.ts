import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLATFORM_STACK } from "../../lib/contract/index.ts";
import { createApp } from "../../lib/infra/index.ts";
import { expectGolden } from "../golden-file.ts";
import { cdkContext, readyAgents } from "./synthesise.ts";

const STACKS = [PLATFORM_STACK, "Holdfast-invoice-desk", "Holdfast-support-desk"];
let outdir = "";
const templates = new Map<string, unknown>();
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), "holdfast-snapshot-"));
  const context = { ...cdkContext(), stage: "prod", alarmEmail: "oncall@example.com" };
  const { stacks } = (await createApp(await readyAgents(), { outdir, context })).synth();
  for (const { stackName, template } of stacks) templates.set(stackName, template);
});
afterAll(() => rm(outdir, { recursive: true, force: true }));

test("the app is these stacks", () => {
  expect([...templates.keys()].sort()).toEqual([...STACKS].sort());
});

describe("what is deployed to prod is as it was read and agreed to", () => {
  test.each(STACKS)("%s", (name) => {
    const golden = new URL(`./golden/${name}.golden.json`, import.meta.url);
    expectGolden(golden, `${JSON.stringify(normalised(templates.get(name)), null, 2)}\n`);
  });
});

test("what changes with every change of code is no part of it", () => {
  const hash = "0123456789abcdef".repeat(4);
  expect(
    normalised({
      [`FunctionCurrentVersion0A1B2C3D${hash.slice(0, 32)}`]: { S3Key: `${hash}.zip` },
      DefinitionString: '{"States":{}}',
    }),
  ).toEqual({
    FunctionCurrentVersion0A1B2C3Dhash: { S3Key: "hash.zip" },
    DefinitionString: "as compiled: test/compiler/golden",
  });
});

/** A template without the hashes of what it deploys, and without the state machine, which has a golden file of its own. */
function normalised(value: unknown): unknown {
  if (typeof value === "string") return withoutHashes(value);
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      withoutHashes(key),
      key === "DefinitionString" ? "as compiled: test/compiler/golden" : normalised(part),
    ]),
  );
}

const withoutHashes = (text: string) =>
  text.replaceAll(/\b[0-9a-f]{64}\b/g, "hash").replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, "$1hash");
