import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SFNClient } from "@aws-sdk/client-sfn";
import { ErrorClass, HoldfastError, type JsonObject } from "../../../lib/contract/index.ts";
import { type ApiPorts, serveApi } from "../../../lib/local/api/index.ts";
import { createEngine, type FunctionHandler, lambdaTasks, stateMachineArnOf } from "../../../lib/local/engine/index.ts";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import type { Clock } from "../../../lib/ports/index.ts";

/** Machines to call the API about. */
const MACHINES: Readonly<Record<string, JsonObject>> = {
  greet: { Hello: { Type: "Pass", Output: { greeting: "{% 'hello ' & $states.input.name %}" }, End: true } },
  nap: { Nap: { Type: "Wait", Seconds: 3600, End: true } },
  ask: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: {} },
      TimeoutSeconds: 600,
      HeartbeatSeconds: 60,
      End: true,
    },
  },
  work: {
    Prepare: { Type: "Pass", Next: "Work" },
    Work: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "work", Payload: {} },
      Output: "{% $states.result.Payload %}",
      End: true,
    },
  },
};

/** Time that a test moves. */
function movedClock(): Clock & { advance(seconds: number): void } {
  let now = Date.UTC(2026, 0, 1);
  const timers = new Set<{ readonly time: number; readonly wake: () => void }>();
  return {
    now: () => now,
    at(time, wake) {
      const timer = { time, wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(seconds) {
      now += seconds * 1000;
      for (const timer of [...timers].filter(({ time }) => time <= now).sort((left, right) => left.time - right.time)) {
        timers.delete(timer);
        timer.wake();
      }
    },
  };
}

export const clientConfiguration = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "nobody", secretAccessKey: "checks" },
});

/** What the desk's operations must name. */
export const KEY = "key-of-the-data-directory";

/** A desk that notes what it is asked, and refuses it. */
function deskOf(asked: string[]): NonNullable<ApiPorts["desk"]>["served"] {
  const refuse = (operation: string) => async () => {
    asked.push(operation);
    throw new HoldfastError(ErrorClass.Denied, "late", "The run no longer waits for this.");
  };
  return {
    asked: refuse("asked"),
    escalation: refuse("escalation"),
    decide: refuse("decide"),
    runs: refuse("runs"),
    facts: refuse("facts"),
    logs: refuse("logs"),
    segments: refuse("segments"),
    settled: refuse("settled"),
  };
}

/** An engine behind its API, and AWS's own clients that talk to it. */
export async function servedEngine() {
  const clock = movedClock();
  const chance = seededChance("api");
  const tokens: string[] = [];
  let failures = 0;
  const functions = new Map<string, FunctionHandler>([
    ["ask", (_, { token = "" }) => tokens.push(token)],
    [
      "work",
      () => {
        if (failures-- > 0) throw new Error("broken");
        return "worked";
      },
    ],
  ]);
  const engine = createEngine({ clock, chance, tasks: lambdaTasks((name) => functions.get(name)) });
  const all = Object.entries(MACHINES).map(([name, States]) => ({
    name,
    definition: { QueryLanguage: "JSONata", StartAt: Object.keys(States)[0] ?? "", States },
  }));
  const machines = { all, createdAt: new Date(clock.now()) };
  const asked: string[] = [];
  const ports = { engine, machines, desk: { served: deskOf(asked), key: KEY }, clock, chance, targets: [] };
  const server = await serveApi({ ...ports, onDelivery: () => undefined }, 0);
  const configuration = clientConfiguration(server.endpoint);
  const states = new SFNClient(configuration);
  const events = new EventBridgeClient(configuration);
  return {
    engine,
    clock,
    endpoint: server.endpoint,
    states,
    events,
    /** Of the tasks that wait, in the order of their calls. */
    tokens,
    /** What the desk was asked, by operation. */
    asked,
    /** Makes the next calls of the function `work` fail. */
    breakWork(times: number) {
      failures = times;
    },
    async close() {
      states.destroy();
      events.destroy();
      await server.close();
      await engine.close();
    },
  };
}

export type ServedEngine = Awaited<ReturnType<typeof servedEngine>>;

export const arnOf = stateMachineArnOf;
