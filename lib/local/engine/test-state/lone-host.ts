import type { Json, JsonObject } from "../../../contract/index.ts";
import { seededChance } from "../../seeded-chance.ts";
import { toJson } from "../expression/to-json.ts";
import type { Host } from "../interpreter/frame.ts";
import { RecordingTimeBox } from "../interpreter/time-box.ts";

const NOW = Date.UTC(2026, 0, 1);
const ACCOUNT = "arn:aws:states:us-east-1:111111111111";

/** The execution around a state that is tested by itself: always the same, and nothing can be begun in it. */
export function loneHost(input: Json, context: JsonObject = {}): Host {
  const chance = seededChance("test-state");
  const nothing = () => {
    throw new TypeError("A state that is tested by itself begins nothing.");
  };
  return {
    now: NOW,
    surroundings: { now: NOW, random: () => chance.random(), uuid: () => chance.uuid() },
    timeBox: new RecordingTimeBox(undefined).run,
    context: { ...defaultContext(input), ...(toJson(context).value as JsonObject) },
    begin: nothing,
    become: nothing,
    cancel: nothing,
    spawn: nothing,
    abort: nothing,
    newToken: nothing,
    mapRunArn: nothing,
  };
}

const defaultContext = (input: Json): JsonObject =>
  toJson({
    Execution: {
      Id: `${ACCOUNT}:express:tested:run`,
      Input: input,
      Name: "run",
      RoleArn: "arn:aws:iam::111111111111:role/tested",
      StartTime: new Date(NOW).toISOString(),
    },
    StateMachine: { Id: `${ACCOUNT}:stateMachine:tested`, Name: "tested" },
  }).value as JsonObject;
