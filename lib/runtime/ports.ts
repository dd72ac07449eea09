import type { BlobStore, Clock, Executions, Notifier, RunStore } from "../ports/index.ts";

/** Who holds the leases that a process takes. */
export interface Owner {
  readonly id: string;
  /** Whether another owner is known to be dead, so that its leases need not be waited for. */
  isGone(owner: string): boolean;
}

/** What a step's function needs of the world. */
export interface StepPorts {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly blobs: BlobStore;
  readonly owner: Owner;
}

/** What the functions of the platform need of the world. */
export interface PlatformPorts {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly executions: Executions;
  readonly notifier: Notifier;
}
