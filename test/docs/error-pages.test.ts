import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PROBLEM_CODES } from "../../lib/definition/index.ts";
import { codesInSource } from "./codes-in-source.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = new Map(
  ["lib", "functions/platform"].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
      .filter(
        (path) => path.endsWith(".ts") && !path.startsWith("definition/check/") && !path.startsWith("local/engine/"),
      )
      .map((path): [string, string] => [path, readFileSync(`${root}/${folder}/${path}`, "utf8")]),
  ),
);
const pages = readdirSync(`${root}/docs/errors`).map((file) => file.replace(/\.md$/, ""));
const codes = [...new Set<string>([...PROBLEM_CODES, ...codesInSource(sources)])]
  // What broke inside Holdfast itself has no page: its message and stack are all there is.
  .filter((code) => code !== "internal")
  .sort();

test("every code has a page, and every page a code", () => {
  expect(pages.sort()).toEqual(codes);
});

describe("a page says what happened, shows it, and what to do", () => {
  test.each(pages)("%s", (code) => {
    const text = readFileSync(`${root}/docs/errors/${code}.md`, "utf8");
    expect(text).toMatch(new RegExp(`^# ${code}\n\n[A-Z\`][^]+?\\.`));
    expect(text).toContain("\n**Example.** ");
    expect(text).toContain("\n**What to do.** ");
    expect(text.split("\n").length).toBeLessThan(40);
  });
});

test("codes are found wherever they are given", () => {
  const source = `
    const LATE = "too-late";
    throw new HoldfastError(ErrorClass.Denied, "direct-code", \`A "quoted-word", and (more.\`);
    new HoldfastError(name, LATE, "a-message");
    new HoldfastError(f(a, b), isBusy ? "one-way" : "other-way", message);
    const refused = (code: string, message: string) => new HoldfastError(ErrorClass.Denied, code, message);
    refused("passed-on", "not-a-code");
    report({ code: "reported-code" });
    const incident = { cause: jsonata(\`"in-cause: " & $x\`) };`;
  expect(codesInSource(new Map([["a.ts", source]]))).toEqual([
    "direct-code",
    "in-cause",
    "one-way",
    "other-way",
    "passed-on",
    "reported-code",
    "too-late",
  ]);
});
