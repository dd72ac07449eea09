import { planCompensation } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

const ports = basePorts();

export const handler = lambdaHandler((event: { runId: string; steps: readonly string[] }) =>
  planCompensation(ports, event),
);
