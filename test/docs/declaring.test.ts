import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { checkAgent } from "../../lib/definition/index.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const page = read("docs/declaring.md");
const { $defs: documents } = JSON.parse(read("docs/agent.schema.json"));

/** The names that the rows of the table begin with that is headed so. */
function namesIn(table: string): string[] {
  const [, rows = ""] = new RegExp(`\\n\\| ${table} \\| \\|\\n.*\\n((?:\\|.*\\n)+)`).exec(page) ?? [];
  const firstCells = rows.split("\n").map((row) => row.split("|")[1] ?? "");
  return firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name)).sort();
}

test("the agent in the documentation is well", () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  expect(checkAgent(parse(yaml))).toMatchObject({ ok: true, agent: { name: "order-intake" } });
});

test("every kind of step is in it", () => {
  const kinds = Object.keys(documents).flatMap((name) => documents[name].properties?.kind?.const ?? []);
  expect(namesIn("kind")).toEqual(kinds.sort());
});

test("every property of a task is in it", () => {
  const { kind, name, handler, input, output, ...others } = documents.TaskStep.properties;
  expect(namesIn("property")).toEqual(Object.keys(others).sort());
});
