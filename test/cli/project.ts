import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { commandLine, Said } from "./command-line.ts";

const INPUT = {
  type: "object",
  properties: { id: { type: "string" }, requestedBy: { type: "string" }, iban: { type: "string", sensitive: true } },
  required: ["id", "requestedBy"],
};

/** A project of a test's own, whose agents are declared as JSON. */
export function project(cli: Awaited<ReturnType<typeof commandLine>>) {
  const root = join(cli.directory, "project");
  const holdfast = (...args: string[]): Promise<Said> => cli.holdfast("--root", root, ...args);
  return {
    root,
    holdfast,
    /** Adds an agent; `modules` are those of its handlers. */
    async declare(name: string, more: Record<string, unknown>, modules: Record<string, string> = {}): Promise<void> {
      const folder = join(root, "functions", name);
      await mkdir(folder, { recursive: true });
      const triggers = [{ source: "test", detailType: name, dedupeBy: "id" }];
      const document = { holdfast: 1, name, purpose: "To be tested.", input: INPUT, triggers, ...more };
      await writeFile(join(folder, "agent.json"), JSON.stringify(document));
      for (const [file, source] of Object.entries(modules)) await writeFile(join(folder, file), source);
    },
    async run(agent: string, detail: Record<string, unknown> = {}) {
      const event = {
        id: "1",
        source: "test",
        "detail-type": agent,
        detail: { id: "a", requestedBy: "zoe", ...detail },
      };
      const said = await holdfast("run", agent, "--event", await cli.file(JSON.stringify(event)), "--json");
      return { code: said.code, report: JSON.parse(said.out) };
    },
  };
}
