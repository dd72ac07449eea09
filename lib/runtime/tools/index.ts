export { functionTool, type ToolContext, type ToolHandler } from "./function-tool.ts";
export {
  type GatewayTools,
  type ToolCallRequest,
  type ToolGateway,
  type ToolPorts,
  toolGateway,
} from "./gateway.ts";
export type { Provenance, ToolFailure, ToolOutcome } from "./outcome.ts";
export { pinOf } from "./pin.ts";
export { type Rendered, renderForModel } from "./render.ts";
