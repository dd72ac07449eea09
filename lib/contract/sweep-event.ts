/** What has reconcile-runs look for runs of an agent that no status event has told of. */
export interface SweepEvent {
  readonly sweep: {
    readonly name: string;
    /** ARN of the alias that the agent's runs are started by. */
    readonly stateMachine: string;
    /** Whom its ladders ask; absent where it asks nobody. */
    readonly audiences?: readonly string[];
  };
}

/** The time between two sweeps of an agent; as long is waited for a status event. */
export const SWEEP_SECONDS = 15 * 60;
