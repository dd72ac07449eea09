import type { Json, JsonObject } from "../../../contract/index.ts";
import type { EventDetails, EventType, RecordedEvent } from "./events.ts";

/** An event as GetExecutionHistory gives it; its details are under a name of its type, as in `stateEnteredEventDetails`. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Date;
  readonly type: EventType;
  readonly [details: `${string}EventDetails`]: JsonObject;
}

export function renderEvent({ id, previousEventId, at, type, details }: RecordedEvent): HistoryEvent {
  const event = { id, previousEventId, timestamp: new Date(at), type };
  return details === undefined ? event : { ...event, [detailsName(type)]: renderDetails(details) };
}

function detailsName(type: EventType): `${string}EventDetails` {
  const state = /State(Entered|Exited)$/.exec(type);
  if (state !== null) return `state${state[1]}EventDetails`;
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function renderDetails(details: EventDetails): JsonObject {
  const { input, output, parameters, assignedVariables, ...rest } = details;
  return {
    ...(rest as JsonObject),
    ...(input === undefined ? {} : { input: JSON.stringify(input), inputDetails: NOT_TRUNCATED }),
    ...(output === undefined ? {} : { output: JSON.stringify(output), outputDetails: NOT_TRUNCATED }),
    ...(parameters === undefined ? {} : { parameters: JSON.stringify(parameters) }),
    ...(assignedVariables === undefined ? {} : renderVariables(assignedVariables)),
  };
}

const NOT_TRUNCATED = { truncated: false };

const renderVariables = (variables: Readonly<Record<string, Json>>): JsonObject => ({
  assignedVariables: Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]),
  ),
  assignedVariablesDetails: NOT_TRUNCATED,
});
