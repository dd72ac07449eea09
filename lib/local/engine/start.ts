import type { Json } from "../../contract/index.ts";
import type { Chance, Clock } from "../../ports/index.ts";
import type { StartExecutionRequest } from "./api.ts";
import { executionArnOf, ROLE_ARN, stateMachineArnOf } from "./arns.ts";
import type { Definitions } from "./definition-cache.ts";
import type { Driver } from "./driver.ts";
import { toJson, ValueTooLarge } from "./expression/to-json.ts";
import type { Identity } from "./interpreter/entry.ts";
import { Execution } from "./interpreter/execution.ts";
import { MAX_PAYLOAD_BYTES } from "./interpreter/frame.ts";
import type { Journal } from "./journal/journal.ts";
import { runningOf } from "./running.ts";
import { ServiceError } from "./service-error.ts";

interface StartPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: Journal;
  readonly driver: Driver;
  readonly compiled: Definitions;
}

export interface Started {
  readonly executionArn: string;
  readonly startDate: Date;
  readonly started: boolean;
}

/** StartExecution, one at a time for each name. */
export function starter(ports: StartPorts): (request: StartExecutionRequest) => Promise<Started> {
  const underWay = new Map<string, Promise<Started>>();
  return async (request) => {
    const identity = identify(request, ports.chance);
    const { arn } = identity;
    const startThis = () => startOne(ports, identity, request);
    const start = underWay.get(arn)?.then(startThis, startThis) ?? startThis();
    underWay.set(arn, start);
    try {
      return await start;
    } finally {
      if (underWay.get(arn) === start) underWay.delete(arn);
    }
  };
}

async function startOne(
  { clock, journal, driver, compiled }: StartPorts,
  identity: Identity,
  { machine, traceHeader }: StartExecutionRequest,
): Promise<Started> {
  const definition = compiled(machine.definition);
  const executionArn = identity.arn;
  const existing = driver.running.get(executionArn)?.record ?? (await journal.record(executionArn));
  if (existing !== undefined) {
    if (existing.standing.status !== "RUNNING" || !isSame(existing.identity.input, identity.input))
      throw new ServiceError("ExecutionAlreadyExists", executionArn);
    return { executionArn, startDate: new Date(existing.startedAt), started: false };
  }
  const startedAt = clock.now();
  const execution = new Execution(definition.machine, identity, startedAt);
  const running = runningOf(execution, {
    identity,
    startedAt,
    definitionId: definition.id,
    standing: execution.standing,
    ...(traceHeader === undefined ? {} : { traceHeader }),
  });
  driver.running.set(executionArn, running);
  await driver.tell(running, { kind: "started" }, { id: definition.id, definition: definition.source });
  return { executionArn, startDate: new Date(startedAt), started: true };
}

const isSame = (left: Json, right: Json) => JSON.stringify(left) === JSON.stringify(right);

const FORBIDDEN_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;
const LONGEST_NAME = 80;

function identify({ machine, name, input }: StartExecutionRequest, chance: Chance): Identity {
  const executionName = name ?? chance.uuid();
  if (executionName === "" || executionName.length > LONGEST_NAME || FORBIDDEN_IN_NAMES.test(executionName))
    throw new ServiceError("InvalidName", executionName);
  return {
    arn: executionArnOf(machine.name, executionName),
    name: executionName,
    stateMachineArn: stateMachineArnOf(machine.name),
    stateMachineName: machine.name,
    roleArn: ROLE_ARN,
    input: readInput(input),
    seed: chance.uuid(),
  };
}

function readInput(input: Json): Json {
  const { value, bytes } = measure(input);
  if (bytes <= MAX_PAYLOAD_BYTES) return value;
  throw new ServiceError(
    "InvalidExecutionInput",
    `The input has ${bytes} bytes; at most ${MAX_PAYLOAD_BYTES} are allowed.`,
  );
}

function measure(input: Json) {
  try {
    return toJson(input);
  } catch (error) {
    if (error instanceof ValueTooLarge) throw new ServiceError("InvalidExecutionInput", error.message);
    throw error;
  }
}
