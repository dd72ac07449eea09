import type { Json, JsonObject } from "../../../lib/contract/index.ts";

/** A machine of these states, the first of which it starts at. */
export const machine = (states: Readonly<Record<string, JsonObject>>, rest: JsonObject = {}): JsonObject => ({
  QueryLanguage: "JSONata",
  StartAt: Object.keys(states)[0] ?? "",
  States: states,
  ...rest,
});

/** A branch or an item processor of these states. */
export const region = (states: Readonly<Record<string, JsonObject>>): JsonObject => ({
  StartAt: Object.keys(states)[0] ?? "",
  States: states,
});

export const task = (rest: JsonObject = { End: true }): JsonObject => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "work", Payload: {} },
  ...rest,
});

export const pass = (Output: Json, rest: JsonObject = { End: true }): JsonObject => ({ Type: "Pass", Output, ...rest });

export const waitForToken = (rest: JsonObject = { End: true }): JsonObject => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
  ...rest,
});
