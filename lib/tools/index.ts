export { type HttpEndpoint, httpTool } from "./http-tool.ts";
export { httpLine, type McpUrl } from "./mcp/http-line.ts";
export { type McpServerClient, mcpServer } from "./mcp/server.ts";
export { stdioLine } from "./mcp/stdio-line.ts";
export type { Credentials } from "./secret.ts";
