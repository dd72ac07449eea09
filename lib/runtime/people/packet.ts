import type { Json } from "../../contract/index.ts";
import type { Incident } from "./incident.ts";

/**
 * What people are given to decide by, as it stood when they were asked: secrets and sensitive fields redacted, long
 * values cut. A decision is bound to the digest of it.
 */
export interface Packet {
  readonly format: 1;
  readonly escalation: {
    readonly id: string;
    readonly ladder: string;
    /** 1 for the first, of so many. */
    readonly tier: number;
    readonly tiers: number;
    readonly audience: string;
    /** ISO 8601. */
    readonly openedAt: string;
    /** How many different people must decide alike. */
    readonly approvals: number;
    readonly members: readonly string[] | null;
  };
  readonly run: {
    readonly id: string;
    readonly agent: string;
    readonly goal: string;
    readonly startedAt: string | null;
  };
  readonly input: Json;
  readonly question: {
    readonly kind: Incident["kind"];
    readonly step: string;
    readonly path: string;
    readonly text: string;
    /** The parameters to be written, or what is to be approved; null where nothing is. */
    readonly request: Json;
    /** Digest of the request before anything was redacted or cut; null without one. */
    readonly requestDigest: string | null;
    readonly recommendation: Json;
  };
  /** What went wrong, if that is why people are asked. */
  readonly error: {
    readonly class: string;
    readonly code: string;
    readonly message: string;
    readonly attempts: number | null;
  } | null;
  /** Steps with a checkpoint, in the order in which they were reached. */
  readonly done: readonly {
    readonly path: string;
    readonly status: "completed" | "under way" | "undone";
    readonly attempts: number | null;
    readonly output: Json;
    readonly actions: readonly { readonly key: string; readonly status: string; readonly result: Json }[];
    /** How many actions before these are left out; absent where none is. */
    readonly earlierActions?: number;
  }[];
  /** How many steps before those are left out; absent where none is. */
  readonly earlierSteps?: number;
  /** Earlier questions about the same step, oldest first. */
  readonly asked: readonly {
    readonly id: string;
    readonly tier: number;
    readonly audience: string;
    readonly status: string;
    readonly decision: string | null;
    readonly decidedBy: string | null;
  }[];
  readonly options: readonly { readonly decision: string; readonly consequence: string }[];
  /** Of what the run's budget limits; what it does not is not counted. */
  readonly spent: { readonly tokens?: number; readonly usd?: number };
}
