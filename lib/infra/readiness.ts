import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { type AgentDocument, missingForProduction } from "../definition/index.ts";
import type { AlarmDestination } from "./operations/alarm-destination.ts";

/** What production lacks, one thing a line: of every agent, and of the platform. Empty when it may be deployed. */
export const missingInApp = (agents: readonly AgentDocument[], alarms: AlarmDestination | undefined): string[] => [
  ...(alarms === undefined
    ? ["alarms: say where they go, with -c alarmEmail=oncall@example.com or -c alarmTopicArn=<ARN of a topic>."]
    : []),
  ...agents.flatMap((agent) => missingForProduction(agent).map(({ message }) => `${agent.name}: ${message}`)),
];

export const notReady = (missing: readonly string[]): HoldfastError =>
  new HoldfastError(
    ErrorClass.InvalidInput,
    "not-ready",
    `Stage prod is refused; ${missing.length} of what it asks for ${missing.length === 1 ? "is" : "are"} missing:\n${listed(missing)}`,
  );

/** The same as dev is told of it. */
export const toldInDev = (missing: readonly string[]) => `Stage prod would be refused:\n${listed(missing)}`;

const listed = (missing: readonly string[]) => missing.map((line) => `- ${line}`).join("\n");
