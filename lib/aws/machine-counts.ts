import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from "@aws-sdk/client-sfn";
import { PLATFORM_MEMORY } from "../contract/index.ts";
import { executionArnOf } from "./execution-arn.ts";

/** Told of one execution: how many transitions and invocations it took, and for how long its functions were under way. */
export interface MachineCounts {
  readonly transitions: number;
  readonly invocations: number;
  /** With the memory that functions have where nothing is declared: the history does not name it. */
  readonly gigabyteSeconds: number;
}

/** How long GetExecutionHistory is left alone, in milliseconds: an account may call it 20 times a second, and people need it, too. */
const PAUSE_MS = 1_000;
/** As many as one request gives. What is longer is left unmeasured: it would keep the function from what it is there for. */
const MOST_EVENTS = 1_000;

/**
 * Counts what executions took, by their histories without data: at most one a second.
 *
 * @returns what counts one; undefined for those that come too soon after another, and for those of more than 1 000 events.
 */
export function machineCounter(client: SFNClient, now: () => number) {
  let due = 0;
  return async (stateMachine: string, name: string): Promise<MachineCounts | undefined> => {
    if (now() < due) return undefined;
    due = now() + PAUSE_MS;
    const executionArn = executionArnOf(stateMachine, name);
    const page = new GetExecutionHistoryCommand({ executionArn, maxResults: MOST_EVENTS, includeExecutionData: false });
    const { events = [], nextToken } = await client.send(page);
    return nextToken === undefined ? countsIn(events) : undefined;
  };
}

const ANSWERED = /^Task(Submitted|Succeeded|Failed|TimedOut|StartFailed)$/;

function countsIn(events: readonly HistoryEvent[]): MachineCounts {
  /** When the function that an event belongs to was called, by the event's id. */
  const calls = new Map<number, number>();
  let [entered, tasks, attempts, invocations, milliseconds] = [0, 0, 0, 0, 0];
  for (const { id = 0, previousEventId = 0, type = "", timestamp, taskScheduledEventDetails } of events) {
    const at = timestamp?.getTime() ?? 0;
    if (type.endsWith("StateEntered")) entered += 1;
    if (type === "TaskStateEntered") tasks += 1;
    if (type === "TaskScheduled") {
      attempts += 1;
      if (!taskScheduledEventDetails?.resource?.startsWith("invoke")) continue;
      invocations += 1;
      calls.set(id, at);
    }
    const called = calls.get(previousEventId);
    if (called === undefined) continue;
    if (type === "TaskStarted") calls.set(id, called);
    if (ANSWERED.test(type)) milliseconds += at - called;
  }
  const transitions = entered + Math.max(0, attempts - tasks);
  return { transitions, invocations, gigabyteSeconds: (milliseconds / 1_000) * (PLATFORM_MEMORY / 1_024) };
}
