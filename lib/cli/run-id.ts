import { runOfEscalation } from "../runtime/index.ts";
import { usageError } from "./failure.ts";

/** What ends the id of an escalation is shorter than what ends the id of a run; groups have no agent before it. */
export const isRunId = (id: string): boolean => /^[a-z][a-z0-9-]*-[0-9a-f]{32}$/.test(id);

const isEscalationId = (id: string) => /-[0-9a-f]{16}$/.test(id) && isRunId(runOfEscalation(id));

/** The run that is meant, by its id or by that of one of its escalations. @throws a usage error for what is neither. */
export function requireRunId(given: string): string {
  if (isRunId(given)) return given;
  if (isEscalationId(given)) return runOfEscalation(given);
  throw usageError(
    "run-id-invalid",
    `${JSON.stringify(given.slice(0, 80))} is no id of a run. It is the agent's name, a hyphen and 32 hexadecimal digits. npx holdfast runs lists those that there are.`,
  );
}
