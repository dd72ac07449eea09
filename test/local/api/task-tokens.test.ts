import {
  DescribeExecutionCommand,
  InvalidOutput,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, it } from "vitest";
import { arnOf, type ServedEngine, servedEngine } from "./served-engine.ts";

let api: ServedEngine;
let executionArn: string;
let taskToken: string;
beforeEach(async () => {
  api = await servedEngine();
  const started = await api.states.send(new StartExecutionCommand({ stateMachineArn: arnOf("ask") }));
  executionArn = started.executionArn ?? "";
  await api.engine.settled(executionArn);
  taskToken = api.tokens[0] ?? "";
});
afterEach(() => api.close());

const succeed = (output = "{}", token = taskToken) =>
  api.states.send(new SendTaskSuccessCommand({ taskToken: token, output }));
const fail = (failure: { error?: string; cause?: string } = {}) =>
  api.states.send(new SendTaskFailureCommand({ taskToken, ...failure }));
const beat = () => api.states.send(new SendTaskHeartbeatCommand({ taskToken }));
const execution = () => api.states.send(new DescribeExecutionCommand({ executionArn }));

it("SendTaskSuccess ends the task with its output", async () => {
  expect(await execution()).toMatchObject({ status: "RUNNING" });
  await succeed('{"approved":true}');
  expect(await execution()).toMatchObject({ status: "SUCCEEDED", output: '{"approved":true}' });
});

it("SendTaskFailure ends the task with error and cause", async () => {
  await fail({ error: "Rejected", cause: "Too expensive." });
  expect(await execution()).toMatchObject({ status: "FAILED", error: "Rejected", cause: "Too expensive." });
});

it("SendTaskHeartbeat keeps the task waiting beyond one heartbeat's time", async () => {
  for (let beats = 0; beats < 3; beats++) {
    api.clock.advance(59);
    await beat();
  }
  expect(await execution()).toMatchObject({ status: "RUNNING" });
  api.clock.advance(61);
  expect(await execution()).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
});

it("a second answer is refused, and changes nothing", async () => {
  await succeed('"first"');
  await expect(succeed('"second"')).rejects.toThrow(TaskTimedOut);
  await expect(fail()).rejects.toThrow(TaskTimedOut);
  expect(await execution()).toMatchObject({ status: "SUCCEEDED", output: '"first"' });
});

it("an answer or a heartbeat that comes too late is refused", async () => {
  api.clock.advance(61);
  await expect(succeed()).rejects.toThrow(TaskTimedOut);
  await expect(beat()).rejects.toThrow(TaskTimedOut);
});

it("an output that is no JSON is refused, and the task waits on", async () => {
  await expect(succeed("{")).rejects.toThrow(InvalidOutput);
  await succeed("7");
  expect(await execution()).toMatchObject({ status: "SUCCEEDED", output: "7" });
});

it("what is no token is refused", async () => {
  await expect(succeed("{}", "made-up")).rejects.toThrow(InvalidToken);
});
