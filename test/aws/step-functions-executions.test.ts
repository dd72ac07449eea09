import { SFNClient } from "@aws-sdk/client-sfn";
import { afterAll } from "vitest";
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

executionsConformance("Step Functions over the wire", async () => ({
  executions: stepFunctionsExecutions(client),
  ...waiting,
}));
