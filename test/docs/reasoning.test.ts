import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { checkAgent } from "../../lib/definition/index.ts";

test("the agent in the documentation is well", () => {
  const text = readFileSync(fileURLToPath(new URL("../../docs/reasoning.md", import.meta.url)), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(checkAgent(parse(yaml))).toMatchObject({ ok: true, agent: { steps: [{ kind: "reason", tools: ["order"] }] } });
});
