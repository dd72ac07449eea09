import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type HistoryEvent, SFNClient } from "@aws-sdk/client-sfn";
import { XRayClient } from "@aws-sdk/client-xray";
import {
  agentStack,
  type LogLine,
  RUNS_TABLE_OUTPUT,
  type SegmentDocument,
  stateMachineName,
} from "../contract/index.ts";
import type { LogQuery, RunStore } from "../ports/index.ts";
import { DynamoRunStore } from "./dynamo-run-store.ts";
import { readEvents, readExecution, type StackExecution } from "./stack-executions.ts";
import { readLogs } from "./stack-logs.ts";
import { describeStack, outputOf } from "./stack-outputs.ts";
import { reading } from "./stack-reading.ts";
import { readTraces } from "./stack-traces.ts";

export interface StackRun {
  readonly agent: string;
  readonly runId: string;
}

/** When it was under way, in milliseconds since the epoch. */
interface During {
  readonly from: number;
  readonly to: number;
}

/** What can be read of the runs of a deployed platform, as whoever the AWS SDK finds credentials of. */
export interface OpenStack {
  /** For reading alone. */
  readonly store: Pick<RunStore, "get" | "query" | "runs">;
  execution(run: StackRun): Promise<StackExecution | undefined>;
  events(run: StackRun): Promise<readonly HistoryEvent[]>;
  logs(run: StackRun & During, query: LogQuery): Promise<readonly LogLine[]>;
  segments(run: StackRun & During): Promise<readonly SegmentDocument[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * @throws Holdfast.InvalidInput, codes `stack-missing` and `stack-output-missing`
 * @throws Holdfast.Denied, codes `aws-access-missing` and `stack-forbidden`; Holdfast.Throttled, code `stack-throttled`. So does what is read.
 */
export async function openStack(name: string): Promise<OpenStack> {
  const stack = await reading("cloudformation:DescribeStacks", () => describeStack(new CloudFormationClient({}), name));
  const { partition, region, account } = stack;
  const store = new DynamoRunStore(new DynamoDBClient({}), outputOf(stack, RUNS_TABLE_OUTPUT));
  const [executions, logs, traces] = [new SFNClient({}), new CloudWatchLogsClient({}), new XRayClient({})];
  const arnOf = ({ agent, runId }: StackRun) =>
    `arn:${partition}:states:${region}:${account}:execution:${stateMachineName(agent)}:${runId}`;
  return {
    store: {
      get: (key) => reading("dynamodb:GetItem", () => store.get(key)),
      query: (pk, prefix, limit) => reading("dynamodb:Query", () => store.query(pk, prefix, limit)),
      runs: (query) => reading("dynamodb:Query", () => store.runs(query)),
    },
    execution: (run) => readExecution(executions, arnOf(run)),
    events: (run) => readEvents(executions, arnOf(run)),
    logs: ({ agent, ...run }, query) =>
      readLogs(logs, { ...run, prefixes: [agentStack(agent), name].map((each) => `${each}-`) }, query),
    segments: (run) => readTraces(traces, run),
    now: Date.now,
  };
}
