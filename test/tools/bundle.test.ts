import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { bundle } from "../../lib/infra/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const from = (names: string, module: string) => `import { ${names} } from ${JSON.stringify(join(root, module))};`;
const STEP = [
  from("stepFunction", "functions/platform/step.ts"),
  from("toolGateway", "lib/runtime/index.ts"),
  "const run = () => toolGateway;",
];
const ENTRIES = {
  plain: [...STEP, "export const handler = stepFunction({}, run);"].join("\n"),
  http: [
    ...STEP,
    from("httpTool", "lib/tools/index.ts"),
    "export const handler = [stepFunction({}, run), httpTool];",
  ].join("\n"),
  mcp: [
    ...STEP,
    from("httpLine, mcpServer", "lib/tools/index.ts"),
    "export const handler = [stepFunction({}, run), httpLine, mcpServer];",
  ].join("\n"),
};

const directory = await mkdtemp(join(tmpdir(), "holdfast-tools-"));
afterAll(() => rm(directory, { recursive: true, force: true }));
await bundle(ENTRIES, directory);
const text = (key: keyof typeof ENTRIES) => readFile(join(directory, key, "index.mjs"), "utf8");

test("the client of MCP is in no bundle but those of steps with MCP tools", async () => {
  for (const key of ["plain", "http"] as const) expect(await text(key)).not.toContain("mcp-session-id");
  expect(await text("mcp")).toContain("mcp-session-id");
});

test("a step with MCP tools stays within 560 KB, starts no process and compiles no schema", async () => {
  const mcp = await text("mcp");
  expect(mcp.length).toBeLessThanOrEqual(560_000);
  expect(mcp).not.toMatch(/new Function\(|child_process/);
});

test("tools without MCP add little", async () => {
  const sizes = await Promise.all((["plain", "http", "mcp"] as const).map(async (key) => (await text(key)).length));
  console.info(`a step with a gateway, with HTTP tools, with MCP tools: ${sizes.join(", ")} bytes`);
  const [plain = 0, http = 0] = sizes;
  expect(http - plain).toBeLessThan(10_000);
});
