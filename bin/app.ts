import { fileURLToPath } from "node:url";
import { reportFailure } from "../lib/cli/index.ts";
import { loadAgents } from "../lib/definition/index.ts";
import { createApp } from "../lib/infra/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
try {
  const app = await createApp(await loadAgents(root));
  app.synth();
} catch (error) {
  process.exitCode = reportFailure(error);
}
