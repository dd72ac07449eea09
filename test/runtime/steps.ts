import { MemoryLevel } from "memory-level";
import { afterAll } from "vitest";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import type { Json, StepEvent } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import { EmbeddedRunStore } from "../../lib/local/index.ts";
import type { RunStore } from "../../lib/ports/index.ts";
import type { AttemptHandler } from "../../lib/runtime/index.ts";
import { startDynalite } from "../dynalite.ts";

/** Every store that the protocol is held to, by name. Called once a test file. */
export async function everyStore(): Promise<readonly (readonly [string, () => RunStore])[]> {
  const dynalite = await startDynalite();
  afterAll(dynalite.stop);
  return [
    ["the embedded store", () => new EmbeddedRunStore(new MemoryLevel<string, string>())],
    ["DynamoDB over the wire", () => new DynamoRunStore(dynalite.client, dynalite.table)],
  ];
}

let runs = 0;

/** An event of a run of its own, unless one is given. */
export function eventOf(more: Partial<StepEvent> = {}): StepEvent {
  runs += more.runId === undefined ? 1 : 0;
  const digest = String(runs).padStart(32, "0");
  return { runId: `desk-${digest}`, path: "pay", visit: 1, attempt: 1, input: { amount: 3 }, ...more };
}

export const step = (more: Partial<StepDefinition> = {}): StepDefinition => ({
  agent: "desk",
  name: "pay",
  effect: "write",
  timeoutSeconds: 60,
  output: { type: "object", properties: { paid: { type: "number" } }, required: ["paid"] },
  errors: [],
  limits: {},
  undoable: false,
  retries: {},
  gated: false,
  ...more,
});

/** A handler that counts its calls. */
export function counted(output: Json | (() => Json) = { paid: 3 }) {
  const calls: Json[] = [];
  const run: AttemptHandler = async (input) => {
    calls.push(input);
    return typeof output === "function" ? output() : output;
  };
  return { calls, run };
}

export function resolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
