import { readFileSync, writeFileSync, readdirSync } from "node:fs";
import { test } from "vitest";
import { loadAgents } from "../lib/definition/index.ts";
import { agentEntries, bundle } from "../lib/infra/index.ts";
test("x", async () => {
  const agents = await loadAgents("/tmp/wt/eight");
  const entries = Object.assign({}, ...agents.map(agentEntries));
  console.log(entries["support-desk/step_resolve"].slice(0, 3000));
  await bundle(entries, "/tmp/zz-out");
  for (const key of Object.keys(entries)) console.log(key, readFileSync(`/tmp/zz-out/${key}/index.mjs`).length);
  const u = readFileSync("/tmp/zz-out/invoice-desk/holdfast_open_escalation/index.mjs","utf8"); console.log("ZodError in escalation", u.includes("ZodError"), u.includes("temporal")); const t = readFileSync(`/tmp/zz-out/support-desk/step_resolve/index.mjs`, "utf8");
  for (const w of ["GetSecretValue", "mcp-session-id", "/converse", "/invocations", "ZodError", "chat/completions", "replies"]) console.log(w, t.includes(w));
});
