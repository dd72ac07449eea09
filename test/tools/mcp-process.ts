import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";

const directory = await mkdtemp(join(tmpdir(), "holdfast-mcp-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

const REQUIRE = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';
const server = join(directory, "server.mjs");
// Compiled once, so that each start of it takes no longer than that of Node.
await build({
  entryPoints: [fileURLToPath(new URL("../fakes/mcp-server.ts", import.meta.url))],
  outfile: server,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: REQUIRE },
});

/** Of a child process that speaks over stdin and stdout. */
export const MCP_COMMAND = { command: process.execPath, args: [server, "stdio"] };

/** Starts the same server over HTTP, as a process of its own; it ends with the test file. */
export async function startMcpOverHttp(
  token = "",
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [server, "http"], {
    env: { ...process.env, MCP_TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  afterAll(() => child.kill("SIGKILL"));
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
