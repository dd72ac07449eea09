import { SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, expect, it, vi } from "vitest";
import { stepFunctionsExecutions } from "../../lib/aws/index.ts";
import { serveApi } from "../../lib/local/api/index.ts";
import { executionsConformance } from "../conformance/executions.ts";
import { clientConfiguration } from "../local/api/served-engine.ts";
import { askingEngine } from "../local/asking-engine.ts";

const { engine, machine, clock, chance, waiting } = askingEngine();
const machines = { all: [machine], createdAt: new Date(clock.now()) };
const server = await serveApi({ engine, machines, clock, chance, targets: [], onDelivery: () => undefined }, 0);
const client = new SFNClient(clientConfiguration(server.endpoint));
afterAll(async () => {
  client.destroy();
  await server.close();
  await engine.close();
});

it("the trace of a request is that of the event, and not that of the invocation which the SDK would name", async () => {
  const invocation = "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0";
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "start-run");
  vi.stubEnv("_X_AMZN_TRACE_ID", invocation);
  const sent: (string | undefined)[] = [];
  const traced = new SFNClient(clientConfiguration(server.endpoint));
  traced.middlewareStack.add(
    (next) => (args) => {
      sent.push((args.request as { headers: Record<string, string> }).headers["X-Amzn-Trace-Id"]);
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  const executions = stepFunctionsExecutions(traced);
  const request = { stateMachine: waiting.stateMachine, input: {} };
  await executions.start({ ...request, name: "traced", traceHeader: "Root=1-67891233-abcdef012345678912345678" });
  await executions.start({ ...request, name: "untraced" });
  vi.unstubAllEnvs();
  traced.destroy();
  expect(sent).toEqual(["Root=1-67891233-abcdef012345678912345678", invocation]);
});

executionsConformance("Step Functions over the wire", async () => ({
  executions: stepFunctionsExecutions(client),
  ...waiting,
}));

it("an execution that an alias started is known by the machine alone", async () => {
  const { stateMachine } = waiting;
  const executions = stepFunctionsExecutions(client);
  await executions.start({ stateMachine, name: "by-alias", input: {} });
  expect(await executions.describe(`${stateMachine}:live`, "by-alias")).toEqual({
    name: "by-alias",
    status: "RUNNING",
  });
  expect(await executions.describe(`${stateMachine}:live`, "never-started")).toBeUndefined();
});
