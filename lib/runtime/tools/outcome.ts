import type { ErrorClass, Json, ToolDomain } from "../../contract/index.ts";

/** Where an output comes from: of what a tool says, this alone is certain. */
export interface Provenance {
  readonly source: "tool";
  readonly name: string;
  /** MCP server, host or function that it came from. */
  readonly server?: string;
  /** ISO 8601. */
  readonly at: string;
  /** It stands in for the output of the tool that was called, which failed with this code. */
  readonly fallback?: { readonly of: string; readonly code: string };
}

/** Of a call that failed. Plain JSON; without secrets, and with what others wrote in `said` alone. */
export interface ToolFailure {
  /** `denied`: it is no tool of this step. `refused`: the tool answered that it cannot or will not. */
  readonly domain: ToolDomain | "denied" | "refused";
  readonly code: string;
  readonly errorClass: ErrorClass;
  /** In Holdfast's words. */
  readonly message: string;
  /** In the tool's own, cut to 2 000 characters. */
  readonly said?: string;
}

/** What a model is told of a call. Plain JSON, so that it can be kept as the result of an action. */
export type ToolOutcome =
  | { readonly ok: true; readonly output: Json; readonly provenance: Provenance }
  | { readonly ok: false; readonly failure: ToolFailure; readonly provenance: Provenance };
