import type { BlobStore } from "../../../lib/ports/index.ts";
import { type StepContext, UNOBSERVED } from "../../../lib/runtime/index.ts";

const base = (blobs: BlobStore, key: string): Omit<StepContext, "action"> => ({
  agent: "invoice-desk",
  runId: "run-1",
  path: "step",
  attempt: 1,
  idempotencyKey: key,
  signal: new AbortController().signal,
  blobs,
  approvals: [],
  remainingMs: () => 60_000,
  log: UNOBSERVED.log,
});

/** A first attempt: no action has been tried. */
export const firstAttempt = (blobs: BlobStore, key = "key-1"): StepContext => ({
  ...base(blobs, key),
  action: (name, perform) => perform({ idempotencyKey: `${key}/${name}` }),
});

/** An attempt after a crash that left the intent of every action without a result. */
export const afterCrash = (blobs: BlobStore, key = "key-1"): StepContext => ({
  ...base(blobs, key),
  async action(name, perform, options) {
    const action = { idempotencyKey: `${key}/${name}` };
    const found = await options?.reconcile?.(action);
    if (found?.outcome === "done") return found.result;
    if (found?.outcome === "absent") return perform(action);
    throw new Error("unknown outcome");
  },
});
