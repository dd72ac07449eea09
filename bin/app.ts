import { fileURLToPath } from "node:url";
import { loadAgents } from "../lib/definition/index.ts";
import { createApp } from "../lib/infra/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const app = await createApp(await loadAgents(root));
app.synth();
