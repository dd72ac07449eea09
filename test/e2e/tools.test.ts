import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pinOf } from "../../lib/definition/index.ts";
import { inProject, own } from "../cli/in-project.ts";
import { reason } from "../definition/documents.ts";
import { tool } from "../definition/tool-cases.ts";
import { mcpProcesses } from "../tools/mcp-process.ts";

const processes = await mcpProcesses();

inProject();

const page = readFileSync(new URL("../../docs/tools.md", import.meta.url), "utf8");
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));

describe("the commands of the documentation, for an agent that has pinned what it uses", () => {
  it.each(commands)("%s", async (command) => {
    const listed = { description: "Does text.", input: { type: "object", properties: {}, $schema: DRAFT } };
    const mcp = { server: "shop", tool: "text", pinned: pinOf({ name: "text", ...listed }) };
    const output = { type: "object" };
    await own.declare("order-desk", {
      tools: { text: tool({ handler: undefined, ...listed, output, mcp }) },
      mcpServers: { shop: processes.command },
      steps: [reason({ tools: ["text"] })],
    });
    const said = await own.holdfast(...command.replace(/^npx holdfast /, "").split(" "));
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/order-desk|✓ text {2}as pinned/) });
  });

  it("are there", () => expect(commands).toHaveLength(3));
});

const DRAFT = "http://json-schema.org/draft-07/schema#";
