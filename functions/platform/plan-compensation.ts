import { aboutRun, type CompensationRequest, planCompensation } from "../../lib/runtime/index.ts";
import { platformHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), owner: { id: "plan-compensation", isGone: () => false } };

export const handler = platformHandler(
  "plan compensation",
  ({ runId }: CompensationRequest) => aboutRun(runId),
  (request) => planCompensation(ports, request),
);
