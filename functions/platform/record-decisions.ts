import { aboutRun, type DecisionsRequest, recordDecisions } from "../../lib/runtime/index.ts";
import { platformHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

const ports = basePorts();

export const handler = platformHandler(
  "record decisions",
  ({ runId }: DecisionsRequest) => aboutRun(runId),
  (request) => recordDecisions(ports, request),
);
