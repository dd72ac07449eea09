import type { Json } from "../../contract/index.ts";

/** Why people are asked, and what they may answer. */
export interface Incident {
  readonly kind: "failure" | "gate" | "approval" | "compensation";
  readonly step: string;
  readonly path: string;
  readonly error: string;
  readonly cause: string;
  /** How often the step was tried, where it failed. */
  readonly attempts?: number;
  /** ISO 8601: when its state was entered. */
  readonly entered?: string;
  readonly request?: Json;
  /** Of a call that a step asks for in the midst of its work: the tool, and the key of the action that has recorded the request. */
  readonly call?: { readonly tool: string; readonly asked: string };
  readonly recommendation?: Json;
  readonly decisions: readonly string[];
}
