import type { Json, JsonObject, ToolFault } from "../contract/index.ts";

/** One call of a tool. */
export interface ToolRequest {
  /** Validated against the tool's schema. */
  readonly input: Json;
  /** The input of the step that the model works on: what no model has written. */
  readonly given: Json;
  /** The same for each attempt of the same call. */
  readonly idempotencyKey: string;
  /** Answers that are larger need not be read to their end. */
  readonly maxBytes: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What a tool answered: its output, or that it cannot or will not, in its own words. */
export type ToolAnswer = { readonly output: Json } | { readonly refused: string };

/** A tool as its server describes it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema. */
  readonly input: JsonObject;
}

/** The way to a tool: a function of the step, a Lambda function, an HTTP API, an MCP server. */
export interface ToolTransport {
  /**
   * Sends one request, once. Not repeated here: whoever calls decides that.
   *
   * @throws {@link ToolFailed}, or what classification tells apart by status, code or name. No error holds a secret.
   */
  call(request: ToolRequest): Promise<ToolAnswer>;
  /**
   * The tool as its server lists it now; `undefined` when it does not any more. Asked before each call, where there is a
   * server with a mind of its own. @throws as `call` does
   */
  listed?(signal: AbortSignal): Promise<ListedTool | undefined>;
}

/** A failure of which the transport knows what it is. The message tells nothing of what was sent or answered. */
export class ToolFailed extends Error {
  override readonly name = "ToolFailed";
  /** The tool has surely not heard of the call. */
  readonly isUnsent: boolean;

  constructor(
    readonly fault: ToolFault,
    message: string,
    options: ErrorOptions & { readonly isUnsent?: boolean } = {},
  ) {
    super(message, options);
    this.isUnsent = options.isUnsent === true;
  }
}

/** An answer of HTTP that is no success: what it means is for classification to say. */
export class ToolStatus extends Error {
  override readonly name = "ToolStatus";

  /** @param said the beginning of the answer, without secrets. */
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly said: string,
  ) {
    super(`status ${status}`);
  }
}
