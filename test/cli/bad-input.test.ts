import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandLine } from "./command-line.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
beforeEach(async () => {
  cli = await commandLine();
});
afterEach(() => cli.remove());

const run = (event: string) => cli.holdfast("run", "invoice-desk", "--event", event, "--json");
const code = (out: string) => JSON.parse(out).error.code;

/** Nothing was started, nothing was paid. */
async function expectNothing() {
  expect(JSON.parse((await cli.holdfast("runs", "--json")).out)).toEqual([]);
  expect(await cli.payments()).toEqual([]);
}

describe("bad usage", () => {
  it.each<[string, string[]]>([
    ["an unknown command", ["fly"]],
    ["an unknown flag", ["agents", "--fast"]],
    ["a missing argument", ["compile"]],
    ["a missing required flag", ["run", "invoice-desk"]],
    ["too many arguments", ["compile", "invoice-desk", "x"]],
    ["a limit that is no number", ["runs", "--limit", "many"]],
    ["a limit of none", ["runs", "--limit", "0"]],
  ])("%s exits with 2 and a word about it", async (_, args) => {
    const said = await cli.holdfast(...args);
    expect(said.code).toBe(2);
    expect(said.err).not.toBe("");
  });

  it.each<[string, string[], string]>([
    ["agent", ["run", "nobody", "--event", "x.json", "--json"], "unknown-agent"],
    ["agent of a run", ["show", `nobody-${"0".repeat(32)}`, "--json"], "unknown-agent"],
    ["form of a run id", ["show", "../../etc/passwd-x", "--json"], "run-id-invalid"],
    ["run", ["show", `invoice-desk-${"0".repeat(32)}`, "--json"], "unknown-run"],
    ["status", ["runs", "--status", "happy", "--json"], "status-unknown"],
    ["fault", ["run", "invoice-desk", "--event", "x.json", "--fault", "match:explode", "--json"], "fault-invalid"],
    ["escalation", ["decide", "invoice-desk-1-2", "--decision", "approve", "--as", "x", "--json"], "unknown"],
  ])("an unknown %s exits with 2 and its code", async (_, args, expected) => {
    const said = await cli.holdfast(...args);
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: expected });
  });

  it("a data directory that is a file is refused with what to do", async () => {
    await writeFile(cli.dataDir, "in the way");
    const said = await cli.holdfast("runs", "--json");
    expect(said.code).toBe(2);
    expect(JSON.parse(said.out).error).toMatchObject({
      code: "data-dir-unusable",
      message: expect.stringContaining("--data-dir"),
    });
  });
});

describe("an event that cannot start a run", () => {
  it.each<[string, string, string]>([
    ["that is not JSON", "{", "event-not-json"],
    ["that is empty", "", "event-not-json"],
    ["that is null", "null", "event-malformed"],
    ["that is a number", "7", "event-malformed"],
    ["that is a list", "[]", "event-malformed"],
    ["that is nested deeply", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "event-malformed"],
    ["that is too large", JSON.stringify({ x: "x".repeat(300_000) }), "event-too-large"],
  ])("%s", async (_, content, expected) => {
    const said = await run(await cli.file(content));
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: expected });
    await expectNothing();
  });

  it("that is not JSON is told the place, and nothing of what it holds", async () => {
    const said = await run(await cli.file('{\n  "iban": "LT60",\n  "amount": CH93\n}'));
    const { message } = JSON.parse(said.out).error;
    expect(message).toMatch(/\.json is not JSON: what stands at line 3, column 13 has no place there\.$/);
    expect(message).not.toMatch(/LT60|CH93/);
  });

  it("that is not there", async () => {
    const said = await run("no/such/event.json");
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: "event-file-missing" });
  });

  it("that is a folder", async () => {
    expect(code((await run(cli.directory)).out)).toBe("event-file-missing");
  });

  it.each(["id", "source", "detail-type", "detail"])("that lacks its %s", async (field) => {
    const { readFile } = await import("node:fs/promises");
    const { [field]: _, ...rest } = JSON.parse(await readFile(await cli.event("clean"), "utf8"));
    const said = await run(await cli.file(JSON.stringify(rest)));
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: "event-malformed" });
    expect(JSON.parse(said.out).error.message).toContain(field);
    await expectNothing();
  });

  it.each(["invoiceId", "document", "erpExport", "payments"])("whose detail lacks %s", async (field) => {
    const said = await run(await cli.event("clean", { [field]: undefined }));
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: "input-invalid" });
    expect(JSON.parse(said.out).error.message).toContain(field);
    await expectNothing();
  });

  it.each<[string, unknown]>([
    ["a number", 7],
    ["null", null],
    ["empty", ""],
    ["a path", "../../../etc/passwd"],
    ["a slash", "a/b"],
    ["a NUL byte", "a\u0000b"],
    ["very long", "x".repeat(5_000)],
  ])("whose invoice id is %s", async (_, invoiceId) => {
    const said = await run(await cli.event("clean", { invoiceId }));
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: "input-invalid" });
    await expectNothing();
  });

  it("of another source", async () => {
    const said = await run(await cli.file(JSON.stringify({ id: "1", source: "crm", "detail-type": "X", detail: {} })));
    expect({ code: said.code, error: code(said.out) }).toEqual({ code: 2, error: "event-without-trigger" });
  });
});

describe("a document or an export that cannot be used goes to people, and nothing is paid", () => {
  const waits = async (event: string, expected: { step: string }) => {
    const said = await run(event);
    expect(said.code).toBe(3);
    expect(JSON.parse(said.out)).toMatchObject({
      status: "waiting",
      escalations: [{ step: expected.step, decisions: ["retry", "override", "abort"] }],
    });
    expect(await cli.payments()).toEqual([]);
  };

  it.each(["not-ubl", "doctype-bomb", "truncated", "inconsistent-totals", "wrong-namespace", "wrong-encoding"])(
    "%s",
    async (name) => {
      await waits(await cli.event(name), { step: "extract" });
    },
  );

  it("an export with the wrong headers", async () => {
    await waits(await cli.event("erp-wrong-headers"), { step: "match" });
  });

  it("a document of 50 MB", async () => {
    const xml = await cli.file(new Uint8Array(50 * 1024 * 1024).fill(0x20), "big.xml");
    await waits(await cli.event("clean", { document: pathToFileURL(xml).href }), { step: "extract" });
  });

  it("a document that is not there", async () => {
    await waits(await cli.event("clean", { document: "file:///no/such/invoice.xml" }), { step: "extract" });
  });

  it("a document behind a scheme that is not served", async () => {
    await waits(await cli.event("clean", { document: "http://127.0.0.1:1/x.xml" }), { step: "extract" });
  });
});
