export { drift } from "./drift.ts";
export { failedOf } from "./failed.ts";
export { functionTool, type ToolContext, type ToolHandler } from "./function-tool.ts";
export {
  type GatewayTools,
  type ToolCallRequest,
  type ToolGateway,
  type ToolPorts,
  toolGateway,
} from "./gateway.ts";
export type { Provenance, ToolFailure, ToolOutcome } from "./outcome.ts";
export { quoted, spelt } from "./quoted.ts";
export { type Rendered, renderForModel } from "./render.ts";
export { withinTime } from "./within-time.ts";
