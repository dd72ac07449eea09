import { executionsConformance } from "../conformance/executions.ts";
import { fakeExecutions, tokenOf } from "./executions.ts";

const STATUS = { fail: "FAILED", stop: "ABORTED", "time out": "TIMED_OUT" } as const;

executionsConformance("the fake", async () => {
  const { executions, set, started } = fakeExecutions();
  return {
    executions,
    stateMachine: "desk",
    traceHeader: async (name) => started.find((request) => request.name === name)?.traceHeader,
    token: async (name) => tokenOf(name),
    end: async (name, how, error) => {
      set("desk", { name, status: STATUS[how], ...(how === "time out" ? {} : { error }) });
    },
  };
});
