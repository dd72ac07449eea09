import type { Json } from "../../../contract/index.ts";
import type { Resource } from "../definition/model.ts";

/** What an execution is waiting for. */
export type Work =
  /** `isLimit`: nothing is waited for; it ends what takes too long. */
  | { readonly kind: "timer"; readonly at: number; readonly isLimit?: true }
  | { readonly kind: "call"; readonly call: TaskCall }
  /** The call is over; whoever holds the token says how the task ends. */
  | { readonly kind: "token"; readonly call: TaskCall }
  /** The call is over; the job that it started says how the task ends. */
  | { readonly kind: "job"; readonly call: TaskCall; readonly response: Json };

export interface TaskCall {
  readonly resource: Resource;
  readonly arguments: Json;
  readonly stateName: string;
  /** 0 for the first. */
  readonly attempt: number;
  /** Of the event that says so; of the reading of items, which none does, the event before it. */
  readonly scheduledEventId: number;
  readonly token?: string;
}
