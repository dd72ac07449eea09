import type { IncomingMessage } from "node:http";
import type { HistoryEvent } from "../../lib/local/index.ts";
import { startServer } from "./loopback-server.ts";

/** What CloudWatch Logs, Step Functions and X-Ray know of a stack's runs. */
export interface StackContent {
  /** By the ARN of the execution. */
  readonly executions: Readonly<
    Record<string, { readonly described: object; readonly history: readonly HistoryEvent[] }>
  >;
  /** Messages by log group. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
  /** Segment documents by trace, by the run that their annotations name. */
  readonly traces: Readonly<Record<string, Readonly<Record<string, readonly object[]>>>>;
}

interface Asked {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** Three services on one port, in small pages. `refusals` says by operation under what name it is refused; `asked` what was asked. */
export async function startStack(content: StackContent) {
  const refusals = new Map<string, string>();
  const asked: Asked[] = [];
  const server = await startServer((request, response, text) => {
    const { operation, body } = read(request, text);
    asked.push({ operation, body });
    const answer = refusals.has(operation)
      ? refused(refusals.get(operation) ?? "")
      : answerTo(content, operation, body);
    const status = "__type" in answer ? 400 : 200;
    const headers = "__type" in answer ? { "x-amzn-errortype": String(answer.__type) } : {};
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(answer));
  });
  return { ...server, refusals, asked };
}

function read(request: IncomingMessage, body: Buffer): Asked {
  const target = request.headers["x-amz-target"];
  const operation = target === undefined ? String(request.url).slice(1) : String(target).replace(/^.*\./, "");
  return { operation, body: JSON.parse(body.toString() || "{}") };
}

const refused = (name: string) => ({ __type: name, message: `${name} is only a test.` });

function answerTo(
  { executions, logs, traces }: StackContent,
  operation: string,
  body: Record<string, unknown>,
): object {
  const execution = executions[String(body.executionArn)];
  switch (operation) {
    case "DescribeExecution":
      return execution?.described ?? refused("ExecutionDoesNotExist");
    case "GetExecutionHistory":
      return execution === undefined
        ? refused("ExecutionDoesNotExist")
        : page(body, "nextToken", 5, execution.history.map(sent), (events) => ({ events }));
    case "DescribeLogGroups": {
      const names = Object.keys(logs).filter((name) => name.startsWith(String(body.logGroupNamePrefix)));
      return page(body, "nextToken", 1, names, (found) => ({
        logGroups: found.map((logGroupName) => ({ logGroupName })),
      }));
    }
    case "FilterLogEvents": {
      const messages = logs[String(body.logGroupName)] ?? [];
      // The first page is empty, and not the last.
      return page(body, "nextToken", 1, ["", ...messages], (found) => ({
        events: found.filter(Boolean).map((message) => ({ message })),
      }));
    }
    case "TraceSummaries": {
      const [, run = ""] = /^annotation\.run = "(.*)"$/.exec(String(body.FilterExpression)) ?? [];
      const ids = Object.keys(traces[run] ?? {});
      return page(body, "NextToken", 2, ids, (found) => ({ TraceSummaries: found.map((Id) => ({ Id })) }));
    }
    case "Traces": {
      const all = Object.assign({}, ...Object.values(traces)) as Record<string, readonly object[]>;
      const ids = body.TraceIds as string[];
      if (ids.length > 5) return refused("InvalidRequestException");
      return page(body, "NextToken", 3, ids, (found) => ({
        Traces: found.map((Id) => ({
          Id,
          Segments: all[Id]?.map((document) => ({ Document: JSON.stringify(document) })),
        })),
      }));
    }
    default:
      return refused("UnknownOperationException");
  }
}

function page<Entry>(
  body: Record<string, unknown>,
  token: "nextToken" | "NextToken",
  size: number,
  all: readonly Entry[],
  answer: (entries: readonly Entry[]) => object,
): object {
  const from = Number(body[token] ?? 0);
  const next = from + size;
  return { ...answer(all.slice(from, next)), ...(next < all.length ? { [token]: String(next) } : {}) };
}

/** Times travel as seconds. */
const sent = ({ timestamp, ...event }: HistoryEvent) => ({ ...event, timestamp: timestamp.getTime() / 1_000 });
