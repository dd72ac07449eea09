import { added, type Counts } from "./counts.ts";

/** What happens to a run besides its state machine. */
export interface Around {
  /** An event has started it, by way of a queue. */
  readonly isTriggered: boolean;
  /** How often people were asked, and have decided. */
  readonly questions: number;
  readonly secondsPerInvocation: number;
}

/** Memory of a function of the platform, in MB. */
export const PLATFORM_MEMORY = 512;

/** What the functions and queues around a state machine take: its history tells nothing of them. */
export function aroundRun({ isTriggered, questions, secondsPerInvocation }: Around): Counts {
  // start-run, reconcile-runs on the end; a decision is read and made.
  const invocations = 2 + 2 * questions;
  return added([
    { invocations, gigabyteSeconds: (invocations * secondsPerInvocation * PLATFORM_MEMORY) / 1_024 },
    isTriggered ? { events: 1, queueRequests: 3 } : {},
    { storeWrites: 3 * questions, indexWrites: 5 * questions, storeReads: 5 * questions },
  ]);
}
