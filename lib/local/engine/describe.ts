import type { ExecutionDescription } from "./api.ts";
import { toPlain } from "./expression/to-json.ts";
import type { ExecutionRecord } from "./journal/journal.ts";

export function describe({ identity, startedAt, traceHeader, standing }: ExecutionRecord): ExecutionDescription {
  const { stoppedAt, output, ...rest } = standing;
  return {
    executionArn: identity.arn,
    stateMachineArn: identity.stateMachineArn,
    name: identity.name,
    startDate: new Date(startedAt),
    input: toPlain(identity.input),
    ...(output === undefined ? {} : { output: toPlain(output) }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(stoppedAt === undefined ? {} : { stopDate: new Date(stoppedAt) }),
    ...rest,
  };
}
