import type { FunctionPorts } from "../../lib/local/step-host.ts";
import type { BlobStore, Executions, RunStore } from "../../lib/ports/index.ts";
import { dice } from "./dice.ts";
import { faultyBlobs } from "./faulty-blobs.ts";
import { faultyStore } from "./faulty-store.ts";
import type { Invocation } from "./invocation.ts";
import type { Truth } from "./truth.ts";

/** All that functions have of the world. */
export type Ports = FunctionPorts & { readonly executions: Executions };

/** What ports lead to. */
export interface Grounds {
  readonly seed: string;
  readonly store: RunStore;
  readonly blobs: BlobStore;
  readonly executions: Executions;
  readonly truth: Truth;
  /** The process that holds the leases, and whether another one is known to be dead. */
  readonly owner: FunctionPorts["owner"];
}

/** The ports of one invocation. */
export function portsOf(invocation: Invocation, { seed, store, blobs, executions, truth, owner }: Grounds): Ports {
  const ownBlobs = faultyBlobs(blobs, invocation);
  return {
    store: faultyStore(store, invocation, truth),
    clock: invocation.clock,
    chance: dice(`${seed}/invocation ${invocation.id}`),
    blobs: ownBlobs,
    claims: { folder: "mem:claims/", blobs: ownBlobs },
    owner,
    notifier: { escalationOpened: () => invocation.through("notice", async () => undefined) },
    metrics: { record: () => undefined },
    webhook: () => invocation.through("notice", async () => undefined),
    executions: {
      start: (request) => invocation.through("execution", () => executions.start(request)),
      describe: (stateMachine, name) => invocation.through("read", () => executions.describe(stateMachine, name)),
      answer: (token, output) => invocation.through("execution", () => executions.answer(token, output)),
    },
  };
}
