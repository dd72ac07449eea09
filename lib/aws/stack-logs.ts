import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type JsonObject, LOG_LEVELS, type LogLine, parseObject } from "../contract/index.ts";
import type { LogQuery } from "../ports/index.ts";
import { readingAll } from "./stack-reading.ts";

/** Where and when lines of a run were written. Times are milliseconds since the epoch. */
export interface LoggedRun {
  readonly runId: string;
  /** What the names of the log groups begin with. */
  readonly prefixes: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Lines come a little later than what they tell of, and function clocks differ. */
const SLACK_MS = 60_000;

/**
 * The lines of a run in the log groups of its functions, oldest first. One log group is read after the other: CloudWatch
 * takes few such requests a second.
 */
export async function readLogs(
  client: CloudWatchLogsClient,
  { runId, prefixes, from, to }: LoggedRun,
  { since, level = "DEBUG" }: LogQuery,
): Promise<readonly LogLine[]> {
  const endTime = to + SLACK_MS;
  if (since !== undefined && Date.parse(since) > endTime) return [];
  const groups = (await Promise.all(prefixes.map((prefix) => groupsOf(client, prefix)))).flat();
  const startTime = Math.max(from - SLACK_MS, since === undefined ? 0 : Date.parse(since));
  const lines: LogLine[] = [];
  for (const logGroupName of new Set(groups)) {
    const request = { logGroupName, startTime, endTime, filterPattern: patternOf(runId) };
    lines.push(...(await eventsOf(client, request)).flatMap(lineOf));
  }
  const least = LOG_LEVELS.indexOf(level);
  return lines
    .filter((line) => line.correlation_id === runId && LOG_LEVELS.indexOf(line.level) >= least)
    .sort((a, b) => (a.timestamp === b.timestamp ? 0 : a.timestamp < b.timestamp ? -1 : 1));
}

const patternOf = (runId: string) => `{ $.correlation_id = ${JSON.stringify(runId)} }`;

const groupsOf = (client: CloudWatchLogsClient, logGroupNamePrefix: string): Promise<readonly string[]> =>
  readingAll("logs:DescribeLogGroups", async (token) => {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken: token });
    const { logGroups, nextToken } = await client.send(command);
    return { items: logGroups?.flatMap(({ logGroupName }) => logGroupName ?? []), next: nextToken };
  });

interface Request {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly filterPattern: string;
}

const eventsOf = (client: CloudWatchLogsClient, request: Request): Promise<readonly FilteredLogEvent[]> =>
  readingAll("logs:FilterLogEvents", async (token) => {
    const { events, nextToken } = await client.send(new FilterLogEventsCommand({ ...request, nextToken: token }));
    return { items: events, next: nextToken };
  });

/** Of what a function printed, the lines that are JSON with a level. */
function lineOf({ message = "" }: FilteredLogEvent): LogLine[] {
  const line = parseObject(message) as (JsonObject & LogLine) | undefined;
  return line !== undefined && LOG_LEVELS.includes(line.level) ? [line] : [];
}
