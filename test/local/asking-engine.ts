import type { JsonObject } from "../../lib/contract/index.ts";
import { createEngine, executionArnOf, lambdaTasks, stateMachineArnOf } from "../../lib/local/engine/index.ts";
import { seededChance } from "../../lib/local/seeded-chance.ts";
import { virtualClock } from "../../lib/local/virtual-clock.ts";
import type { AskingExecutions } from "../conformance/executions.ts";

const definition: JsonObject = {
  QueryLanguage: "JSONata",
  TimeoutSeconds: 3_600,
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: {} },
      End: true,
    },
  },
};

/** An engine with a machine whose only task waits for an answer, and the ways in which its executions end. */
export function askingEngine() {
  const clock = virtualClock();
  let stand = clock.hold();
  const chance = seededChance("asking");
  const tokens = new Map<string, string>();
  const tasks = lambdaTasks(() => (_, { token = "", executionArn }) => {
    tokens.set(executionArn, token);
    return null;
  });
  const machine = { name: "desk", definition };
  const engine = createEngine({ clock, chance, tasks });
  const arnOf = (name: string) => executionArnOf(machine.name, name);
  const waiting: Omit<AskingExecutions, "executions"> = {
    stateMachine: stateMachineArnOf(machine.name),
    async token(name) {
      await engine.settled(arnOf(name));
      return tokens.get(arnOf(name)) ?? "";
    },
    traceHeader: async (name) => (await engine.describeExecution(arnOf(name))).traceHeader,
    async end(name, how, error) {
      if (how === "stop") await engine.stopExecution(arnOf(name), { error });
      else if (how === "time out") stand();
      else await engine.sendTaskFailure(await waiting.token(name), { error });
      await engine.closed(arnOf(name));
      if (how === "time out") stand = clock.hold();
    },
  };
  return { engine, machine, clock, chance, waiting };
}
