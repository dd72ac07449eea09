export type { HoldfastAgentProps } from "./agent/agent-props.ts";
export { HoldfastAgent } from "./agent/holdfast-agent.ts";
export { createApp } from "./app.ts";
export { bundle, type Entries, type FunctionCode } from "./bundle.ts";
export { type DecideAuth, decideAuth } from "./decide-auth.ts";
export { agentEntries, platformEntries } from "./entries.ts";
export { HoldfastPlatform } from "./platform/holdfast-platform.ts";
export type { PlatformProps } from "./platform/platform-function.ts";
export { type StageSettings, stageSettings } from "./stage.ts";
