import type { Json } from "../../contract/index.ts";
import type { Resource } from "./definition/model.ts";
import { StatesError } from "./error-names.ts";
import { toJson, toPlain, ValueTooLarge } from "./expression/to-json.ts";
import type { Outcome } from "./interpreter/entry.ts";
import type { TaskCall } from "./interpreter/work.ts";
import type { ExecutionRecord } from "./journal/journal.ts";

/** One attempt of a Task. */
export interface TaskInvocation {
  /** As in the definition. */
  readonly resource: string;
  readonly arguments: Json;
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateName: string;
  /** 0 for the first: the RetryCount. */
  readonly attempt: number;
  /** Of the event that history has of the attempt: the same whenever it is called. */
  readonly scheduledEventId: number;
  /** Of the execution, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** X-Ray's, that the execution was started with. */
  readonly traceHeader?: string;
  /** For a resource that waits for a token. */
  readonly token?: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Does what a Task asks for. The result is the Task's, or with `.waitForTaskToken` only what history shows of the call.
 *
 * May be called again with the same invocation after the process has died before its answer was kept.
 *
 * @throws TaskError to fail with an error name and a cause; of other errors, name and message are taken.
 */
export type TaskHandler = (invocation: TaskInvocation) => Json | Promise<Json>;

/** Who handles the Tasks of a resource. */
export type TaskRegistry = (resource: Resource) => TaskHandler | undefined;

/** Fails a Task. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  /** @param error what Retry and Catch match. */
  constructor(
    readonly error: string,
    override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
  }
}

/** An invocation, and how to abort it. The signal is made only for those who look at it. */
export function invocationOf(
  call: TaskCall,
  { identity: { arn, name }, startedAt, traceHeader }: ExecutionRecord,
): { readonly invocation: TaskInvocation; readonly abort: () => void } {
  let controller: AbortController | undefined;
  let aborted = false;
  const invocation: { -readonly [Field in keyof TaskInvocation]: TaskInvocation[Field] } = {
    resource: call.resource.arn,
    arguments: toPlain(call.arguments),
    executionArn: arn,
    executionName: name,
    stateName: call.stateName,
    attempt: call.attempt,
    scheduledEventId: call.scheduledEventId,
    startedAt,
    get signal() {
      controller ??= new AbortController();
      if (aborted) controller.abort();
      return controller.signal;
    },
  };
  if (call.token !== undefined) invocation.token = call.token;
  if (traceHeader !== undefined) invocation.traceHeader = traceHeader;
  const abort = () => {
    aborted = true;
    controller?.abort();
  };
  return { invocation, abort };
}

/** Calls a handler; whatever comes of it is an outcome. */
export async function callTask(handler: TaskHandler, invocation: TaskInvocation): Promise<Outcome> {
  try {
    const result = await handler(invocation);
    return { result: toJson(result).value };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;

function failureOf(thrown: unknown) {
  const { error, cause } = namesOf(thrown);
  return { error: error.slice(0, LONGEST_ERROR), cause: cause.slice(0, LONGEST_CAUSE) };
}

function namesOf(thrown: unknown): { readonly error: string; readonly cause: string } {
  if (thrown instanceof TaskError) return thrown;
  if (thrown instanceof ValueTooLarge) return { error: StatesError.DataLimitExceeded, cause: thrown.message };
  if (thrown instanceof Error) return { error: thrown.name, cause: thrown.message };
  return { error: "Error", cause: String(thrown) };
}
