import {
  GetExecutionHistoryCommand,
  type GetExecutionHistoryCommandInput,
  InvalidToken,
  paginateGetExecutionHistory,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, it } from "vitest";
import { arnOf, type ServedEngine, servedEngine } from "./served-engine.ts";

let api: ServedEngine;
let executionArn: string;
beforeEach(async () => {
  api = await servedEngine();
  const start = new StartExecutionCommand({ stateMachineArn: arnOf("work"), input: '{"a":1}' });
  executionArn = (await api.states.send(start)).executionArn ?? "";
  await api.engine.closed(executionArn);
});
afterEach(() => api.close());

const history = (options: Omit<GetExecutionHistoryCommandInput, "executionArn"> = {}) =>
  api.states.send(new GetExecutionHistoryCommand({ executionArn, ...options }));

const TYPES = [
  "ExecutionStarted",
  "PassStateEntered",
  "PassStateExited",
  "TaskStateEntered",
  "TaskScheduled",
  "TaskStarted",
  "TaskSucceeded",
  "TaskStateExited",
  "ExecutionSucceeded",
];

it("is what happened, in order, in the shape that AWS's client reads", async () => {
  const { events = [], nextToken } = await history();
  expect(events.map(({ type }) => type)).toEqual(TYPES);
  expect(nextToken).toBeUndefined();
  expect(events[0]).toMatchObject({
    id: 1,
    previousEventId: 0,
    timestamp: new Date("2026-01-01"),
    executionStartedEventDetails: { input: '{"a":1}', inputDetails: { truncated: false } },
  });
  expect(events[3]?.stateEnteredEventDetails).toMatchObject({ name: "Work", input: '{"a":1}' });
  expect(events.at(-1)?.executionSucceededEventDetails).toMatchObject({ output: '"worked"' });
});

it("comes page by page, first to last or last to first", async () => {
  const walk = async (reverseOrder: boolean) => {
    const ids = [];
    const client = api.states;
    for await (const { events } of paginateGetExecutionHistory({ client, pageSize: 4 }, { executionArn, reverseOrder }))
      ids.push(events?.map(({ id }) => id));
    return ids;
  };
  expect(await walk(false)).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
  expect(await walk(true)).toEqual([[9, 8, 7, 6], [5, 4, 3, 2], [1]]);
});

it("leaves input and output out when they are not asked for", async () => {
  const { events = [] } = await history({ includeExecutionData: false });
  expect(events.map(({ type }) => type)).toEqual(TYPES);
  expect(events[3]?.stateEnteredEventDetails).toEqual({ name: "Work" });
  expect(JSON.stringify(events)).not.toContain("worked");
});

it("refuses a page token that it did not give", async () => {
  await expect(history({ nextToken: "made-up" })).rejects.toThrow(InvalidToken);
});
