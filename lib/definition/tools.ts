import { z } from "zod";
import type { Json } from "../contract/index.ts";
import { Duration } from "./duration.ts";
import { FUNCTION } from "./needs.ts";
import { SecretName } from "./secret-name.ts";
import { Effect, Gate, Handler, JsonSchema, NAME, StepName } from "./step-parts.ts";
import { Url } from "./url.ts";

/** Exact texts: what a reference could stand for would not be under the declaration's control. */
const JsonSource: z.ZodType<Json, Json> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(JsonSource), z.record(z.string(), JsonSource)]),
  )
  .meta({ id: "Json" });

const KEPT_HEADERS =
  /^(authorization|proxy-authorization|cookie|host|content-length|content-type|accept|idempotency-key)$/i;
const Headers = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, "must be the name of a header")
      .refine(
        (name) => !KEPT_HEADERS.test(name),
        "is set by Holdfast: credentials are declared under auth, as a secret",
      ),
    z
      .string()
      .max(500)
      .regex(/^[\x20-\x7e]*$/, "must be printable ASCII"),
  )
  .default({})
  .describe("The same on every call. No secrets: those are declared under auth.");

export const ToolAuth = z
  .strictObject({
    secret: SecretName,
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, "must be the name of a header")
      .default("authorization"),
    scheme: z
      .string()
      .regex(/^[A-Za-z0-9-]{0,32}$/, "must be a word")
      .default("Bearer")
      .describe("Empty: the secret alone."),
  })
  .meta({ id: "ToolAuth" });
export type ToolAuth = z.output<typeof ToolAuth>;

export const HttpTool = z
  .strictObject({
    url: Url.describe("May hold {name} after the host: that property of the input, as one part of the path or query."),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    headers: Headers,
    auth: ToolAuth.optional(),
  })
  .meta({
    id: "HttpTool",
    description: "What of the input is not in the URL is sent as JSON, or as a query by GET and DELETE.",
  });
export type HttpTool = z.output<typeof HttpTool>;

const McpTool = z
  .strictObject({
    server: z.string().describe("Name of an MCP server declared under mcpServers."),
    tool: z.string().min(1).max(128).describe("What the server calls it."),
    pinned: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex")
      .describe("SHA-256 of { name, description, input } as the server lists them, as canonical JSON (RFC 8785)."),
  })
  .meta({ id: "McpTool" });

const Reaction = z.enum(["retry", "fallback", "tell", "escalate"]);
export type ToolReaction = z.output<typeof Reaction>;

const Reactions = z
  .strictObject({
    auth: z.enum(["fallback", "tell", "escalate"]).optional(),
    schema: Reaction.optional(),
    rate: Reaction.optional(),
    drift: z.enum(["fallback", "escalate"]).optional(),
    timeout: Reaction.optional(),
  })
  .default({})
  .meta({
    id: "ToolReactions",
    description:
      "retry: the step is attempted again, as its retry policy says. tell: the model is told. escalate: the step ends, and people are asked.",
  });

export const Tool = z
  .strictObject({
    description: z.string().min(1).max(2_000).describe("What the model is told of it."),
    input: JsonSchema,
    output: JsonSchema,
    effect: Effect.default("write"),
    timeout: Duration,
    idempotency: z
      .enum(["natural", "keyed", "none"])
      .describe(
        "natural: to repeat a call changes nothing. keyed: it knows a repeat by its idempotency key. none: it must not be repeated.",
      ),
    breaker: z.strictObject({
      failures: z.int().min(1).max(100).describe("So many, with no success between them, open it for the whole fleet."),
      within: Duration.default("1m").describe("Counted from the first of them."),
      halfOpenAfter: Duration.describe("One call is let through then, to see."),
    }),
    health: z
      .union([z.literal("calls"), z.strictObject({ probe: JsonSource })], 'must be "calls" or { probe: <input> }')
      .describe(
        'How it is known to be well again: by a call of its own that changes nothing, or by its "calls" alone.',
      ),
    fallback: z
      .union(
        [z.literal("none"), z.strictObject({ continueWith: JsonSource }), z.strictObject({ tool: z.string() })],
        'must be "none", { continueWith: <output> } or { tool: <name> }',
      )
      .describe("What stands in for it."),
    onFailure: Reactions,
    gate: Gate.optional(),
    handler: Handler.describe("Module that exports `run`, in the step's bundle.").optional(),
    lambda: z.string().regex(FUNCTION, { error: "must be the name or the ARN of a Lambda function" }).optional(),
    http: HttpTool.optional(),
    mcp: McpTool.optional(),
  })
  .refine(
    ({ handler, lambda, http, mcp }) => [handler, lambda, http, mcp].filter((way) => way !== undefined).length === 1,
    "needs exactly one of handler, lambda, http, mcp",
  )
  .meta({ id: "Tool" });
export type Tool = z.output<typeof Tool>;

const Bulkhead = {
  concurrency: z.int().min(1).max(100).default(8).describe("Calls at a time, in one process."),
  queue: z.int().min(0).max(1_000).default(32).describe("Calls that wait their turn; more are refused."),
};

export const McpServer = z
  .union(
    [
      z.strictObject({
        url: Url.describe("Streamable HTTP."),
        headers: Headers,
        auth: ToolAuth.optional(),
        ...Bulkhead,
      }),
      z.strictObject({
        command: z.string().min(1).max(500).describe("Speaks over stdin and stdout. Local runs only."),
        args: z.array(z.string().max(1_000)).max(50).default([]),
        env: z
          .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, "must be upper-case"), z.strictObject({ secret: SecretName }))
          .default({})
          .describe("Environment variables, each a secret."),
        ...Bulkhead,
      }),
    ],
    "must be { url, … } or { command, … }",
  )
  .meta({ id: "McpServer" });
export type McpServer = z.output<typeof McpServer>;

/** The top-level `tools` and `mcpServers` of an agent document. */
export const Tools = z.record(StepName, Tool).default({});
export const McpServers = z.record(z.string().max(40).regex(NAME, "must be kebab-case"), McpServer).default({});

export interface ToolDeclarations {
  readonly tools: Readonly<Record<string, Tool>>;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
}

/** The tool that stands in for one, by its name. */
export const fallbackTool = ({ fallback }: Tool): string | undefined =>
  typeof fallback === "object" && "tool" in fallback ? fallback.tool : undefined;

/** A tool by a name that may be anything, `constructor` included. */
export const toolNamed = (tools: ToolDeclarations["tools"], name: string): Tool | undefined =>
  Object.hasOwn(tools, name) ? tools[name] : undefined;
