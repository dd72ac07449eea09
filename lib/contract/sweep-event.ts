/** What has reconcile-runs look for runs of an agent that no status event has told of. */
export interface SweepEvent {
  readonly sweep: {
    readonly name: string;
    /** ARN of the agent's state machine. */
    readonly stateMachine: string;
  };
}

/** The time between two sweeps of an agent; as long is waited for a status event. */
export const SWEEP_SECONDS = 15 * 60;
