import { lambdaTool, systemClock } from "../../lib/aws/index.ts";
import { patientFetch as fetch } from "../../lib/http/index.ts";
import type { ToolTransport } from "../../lib/ports/index.ts";
import { functionTool, type StepPorts, type ToolHandler } from "../../lib/runtime/index.ts";
import {
  type HttpEndpoint,
  httpLine,
  httpTool,
  type McpServerClient,
  type McpUrl,
  mcpServer,
} from "../../lib/tools/index.ts";
import { noSecrets } from "./no-secrets.ts";
import { patientClient } from "./patient-client.ts";

/** Makes the transport to a tool, for a step that has these ports. For entries: what an entry does not call is not in its bundle. */
export type OpenTransport = (ports: StepPorts) => ToolTransport;

export const byFunction =
  (run: ToolHandler): OpenTransport =>
  ({ blobs }) =>
    functionTool(run, blobs);

export const byLambda =
  (name: string): OpenTransport =>
  () =>
    lambdaTool({ client: patientClient }, name);

/** @param secrets given where the endpoint names one. */
export const byHttp =
  (endpoint: HttpEndpoint, secrets = noSecrets): OpenTransport =>
  () =>
    httpTool({ secrets, fetch }, endpoint);

export const byMcp =
  (server: McpServerClient, tool: string): OpenTransport =>
  () =>
    server.tool(tool);

/** An MCP server, for all tools of a step that it has. @param secrets given where the server's declaration names one. */
export const serverAt = (url: McpUrl, secrets = noSecrets): McpServerClient =>
  mcpServer(httpLine({ secrets, fetch }, url), systemClock);
