import { type CompensationRequest, planCompensation } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { basePorts } from "./platform-ports.ts";

const ports = { ...basePorts(), owner: { id: "plan-compensation", isGone: () => false } };

export const handler = lambdaHandler((event: CompensationRequest) => planCompensation(ports, event));
