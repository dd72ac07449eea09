import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import type { Json } from "../contract/index.ts";
import { reading, readingAll } from "./stack-reading.ts";

/** An execution on Step Functions, as it is looked at. */
export interface StackExecution {
  readonly status: string;
  readonly startDate: Date;
  readonly stopDate?: Date;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
}

/** Undefined where there is none of that ARN, or Step Functions has forgotten it (90 days after its end). */
export async function readExecution(client: SFNClient, executionArn: string): Promise<StackExecution | undefined> {
  return reading("states:DescribeExecution", async () => {
    try {
      const found = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { status = "", startDate = new Date(0), stopDate, output, error, cause } = found;
      return {
        status,
        startDate,
        ...(stopDate === undefined ? {} : { stopDate }),
        ...(output === undefined ? {} : { output: JSON.parse(output) as Json }),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  });
}

/** Every event of an execution, in order, a thousand a request. */
export const readEvents = (client: SFNClient, executionArn: string): Promise<readonly HistoryEvent[]> =>
  readingAll("states:GetExecutionHistory", async (token) => {
    const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000, nextToken: token });
    const { events, nextToken } = await client.send(command);
    return { items: events, next: nextToken };
  });
