import type { Json } from "../../lib/contract/index.ts";
import type { Execution, Executions, StartRequest } from "../../lib/ports/index.ts";

/** The token of the one task of an execution; with its answer, the execution has succeeded. */
export const tokenOf = (name: string) => `token of ${name}`;

/** Executions that do nothing by themselves: a test says how they end, and what was asked of them is recorded. */
export function fakeExecutions() {
  const started: StartRequest[] = [];
  const answers: { taskToken: string; output: Json }[] = [];
  const known = new Map<string, Execution>();
  const idOf = (stateMachine: string, name: string) => `${stateMachine}:${name}`;
  const executions: Executions = {
    async start(request) {
      const id = idOf(request.stateMachine, request.name);
      if (known.has(id)) return "exists";
      known.set(id, { name: request.name, status: "RUNNING" });
      started.push(request);
      return "started";
    },
    describe: async (stateMachine, name) => known.get(idOf(stateMachine, name)),
    async answer(taskToken, output) {
      if (answers.some((answer) => answer.taskToken === taskToken)) return "gone";
      answers.push({ taskToken, output });
      const [id, execution] = [...known].find(([, { name }]) => tokenOf(name) === taskToken) ?? [];
      if (id !== undefined && execution !== undefined) known.set(id, { name: execution.name, status: "SUCCEEDED" });
      return "delivered";
    },
  };
  return {
    executions,
    started,
    answers,
    /** Says where an execution stands from now on, whether it was started or not. */
    set: (stateMachine: string, execution: Execution) => known.set(idOf(stateMachine, execution.name), execution),
  };
}
