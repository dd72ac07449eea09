import type { BlobStore, Chance, Clock, Executions, Metrics, Notifier, RunStore } from "../ports/index.ts";
import type { WebhookSender } from "./people/webhook.ts";

/** Who holds the leases that a process takes. */
export interface Owner {
  readonly id: string;
  /** Whether another owner is known to be dead, so that its leases need not be waited for. */
  isGone(owner: string): boolean;
}

/** Where results are kept that are too large for an item. */
export interface Claims {
  /** URI that ends with a slash. */
  readonly folder: string;
  readonly blobs: Pick<BlobStore, "read" | "create">;
}

/** What a step's function needs of the world. */
export interface StepPorts {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly blobs: BlobStore;
  readonly claims: Claims;
  readonly owner: Owner;
}

/** What the functions of the platform need of the world. */
export interface PlatformPorts {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly executions: Executions;
  readonly notifier: Notifier;
  readonly webhook: WebhookSender;
  readonly metrics: Metrics;
}

/** What serves the states of a ladder needs of it. */
export type OpenPorts = Pick<PlatformPorts, "store" | "clock" | "notifier" | "webhook" | "metrics">;
