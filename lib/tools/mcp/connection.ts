import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CallToolResultSchema,
  ListToolsResultSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Json, JsonObject } from "../../contract/index.ts";
import { type Clock, type ListedTool, type ToolAnswer, ToolFailed, type ToolRequest } from "../../ports/index.ts";
import { scrub } from "../secret.ts";
import { answerOf } from "./answer.ts";
import { failureOf, isGarbage, isRefusal } from "./failure.ts";

/** A way to a server that is not open yet. */
export interface Line {
  readonly transport: Transport;
  /** What must never be told of what comes over it. */
  readonly secrets: readonly string[];
}

const CONNECT_MS = 10_000;
/** The gateway's time is up first. */
const LONGEST_MS = 2_147_483_647;
/** A listing is asked for anew after so long, since a notice of its change may be lost. */
const LISTED_FOR_MS = 5 * 60_000;
const MOST_PAGES = 20;
/** What a server takes for the same call (in `_meta`, whose keys of others have a prefix). */
const IDEMPOTENCY_KEY = "holdfast/idempotency-key";

/** A session with an MCP server. */
export class McpConnection {
  readonly #client = new Client(
    { name: "holdfast", version: "1" },
    // The gateway validates by what is declared. The SDK would compile the server's own schemas to code.
    {
      jsonSchemaValidator: {
        getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
      },
    },
  );
  readonly #line: Line;
  readonly #clock: Pick<Clock, "now">;
  #listing: Promise<readonly ListedTool[]> | undefined;
  #listedAt = 0;
  #heard = 0;
  #garbage = 0;
  #underWay = 0;
  #isRetired = false;

  private constructor(line: Line, clock: Pick<Clock, "now">) {
    this.#line = line;
    this.#clock = clock;
    line.transport.onmessage = () => {
      this.#heard += 1;
    };
    this.#client.onerror = (error) => {
      if (!isGarbage(error)) return;
      this.#heard += 1;
      this.#garbage += 1;
    };
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      this.#listing = undefined;
    });
  }

  /** @param closed told when the session is over, whoever ended it. */
  static async open(line: Line, clock: Pick<Clock, "now">, closed: () => void): Promise<McpConnection> {
    const connection = new McpConnection(line, clock);
    connection.#client.onclose = closed;
    try {
      await connection.#client.connect(line.transport, { timeout: CONNECT_MS });
    } catch (error) {
      throw failureOf(error, connection.#garbage > 0);
    }
    return connection;
  }

  /** Grows with all that the server says: while it does not, nobody may be there. */
  get heard(): number {
    return this.#heard;
  }

  /** All that is listed, without the secrets of the line. Known for 5 minutes at most, and until the server says that it has changed. */
  listed(): Promise<readonly ListedTool[]> {
    if (this.#clock.now() >= this.#listedAt + LISTED_FOR_MS) this.#listing = undefined;
    this.#listing ??= this.#list();
    return this.#listing;
  }

  /** @throws ToolFailed, ToolStatus, or what `fetch` throws */
  async call(name: string, { input, idempotencyKey, maxBytes, signal }: ToolRequest): Promise<ToolAnswer> {
    const params = { name, arguments: input as JsonObject, _meta: { [IDEMPOTENCY_KEY]: idempotencyKey } };
    const request = { method: "tools/call", params } as const;
    const options = { signal, timeout: LONGEST_MS };
    return this.#working(async () => {
      const result = await this.#client
        .request(request, CallToolResultSchema, options)
        .catch((error: unknown) => (isRefusal(error) ? refusalOf(error) : Promise.reject(error)));
      return answerOf(result, maxBytes, this.#line.secrets);
    }, signal);
  }

  /** Closes it once no call is under way any more. */
  retire(): void {
    this.#isRetired = true;
    if (this.#underWay === 0) void this.close();
  }

  async close(): Promise<void> {
    await this.#client.close().catch(() => undefined);
  }

  #list(): Promise<readonly ListedTool[]> {
    this.#listedAt = this.#clock.now();
    const listing = this.#working(() => this.#pages());
    listing.catch(() => {
      if (this.#listing === listing) this.#listing = undefined;
    });
    return listing;
  }

  async #pages(): Promise<ListedTool[]> {
    const tools: ListedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const request = { method: "tools/list", params } as const;
      const { tools: listed, nextCursor } = await this.#client.request(request, ListToolsResultSchema, {
        timeout: CONNECT_MS,
      });
      for (const { name, description = "", inputSchema } of listed) {
        const tool: Json & ListedTool = { name, description, input: inputSchema as JsonObject };
        tools.push(scrub(tool, this.#line.secrets) as Json & ListedTool);
      }
      cursor = nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  }

  async #working<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const garbage = this.#garbage;
    this.#underWay += 1;
    try {
      return await work();
    } catch (error) {
      const why = signal?.aborted && !(error instanceof ToolFailed) ? signal.reason : error;
      throw failureOf(why, this.#garbage > garbage);
    } finally {
      this.#underWay -= 1;
      if (this.#isRetired && this.#underWay === 0) void this.close();
    }
  }
}

const refusalOf = (error: Error) => ({ isError: true, content: [{ type: "text" as const, text: error.message }] });
