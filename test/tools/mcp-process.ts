import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";

const REQUIRE = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/** The server of the fakes as processes of their own, which end with the test file that asks for it. */
export async function mcpProcesses() {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-mcp-"));
  afterAll(() => rm(directory, { recursive: true, force: true }));
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

  return {
    /** Of a child process that speaks over stdin and stdout. */
    command: { command: process.execPath, args: [server, "stdio"] },

    /** Starts the same server over HTTP. */
    async overHttp(token = ""): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
      const child = spawn(process.execPath, [server, "http"], {
        env: { ...process.env, MCP_TOKEN: token },
        stdio: ["ignore", "pipe", "inherit"],
      });
      afterAll(() => child.kill("SIGKILL"));
      const ended = once(child, "exit").then(() => Promise.reject(new Error("The server has ended.")));
      const [endpoint] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
      return {
        url: `${endpoint}/mcp`,
        async stop() {
          child.kill("SIGKILL");
          await ended.catch(() => undefined);
        },
      };
    },
  };
}
