/** Something in a document that would go wrong in production. */
export interface Problem {
  /** Stable; leads to docs/errors/<code>.md. */
  readonly code: ProblemCode;
  /** Where in the document, such as `steps[2].input.supplier`. */
  readonly path: string;
  readonly message: string;
}

export const PROBLEM_CODES = [
  "malformed-document",
  "invalid-shape",
  "duplicate-name",
  "reserved-name",
  "unknown-reference",
  "step-may-not-have-run",
  "may-be-absent",
  "not-comparable",
  "not-a-time",
  "unknown-ladder",
  "no-default-ladder",
  "error-class-without-edge",
  "ungated-write",
  "gate-without-write",
  "compensation-without-write",
  "each-unbounded",
  "end-inside-branch",
  "unreachable-step",
  "unreachable-rule",
  "timeout-too-long",
  "module-missing",
  "unknown-dedupe-key",
  "schedule-input-invalid",
  "unknown-requester",
  "quorum-unreachable",
  "tier-too-long",
  "unknown-subflow",
  "subflow-cycle",
  "unknown-tool",
  "script-invalid",
  "model-without-price",
  "model-without-endpoint",
  "model-without-guardrail",
  "unknown-mcp-server",
  "pin-differs",
  "tool-outlasts-step",
  "answer-exceeds-limit",
  "unused-tool",
  "unknown-placeholder",
  "fallback-cycle",
  "fallback-writes",
  "fallback-missing",
  "write-repeated",
  "probe-writes",
  "tool-value-invalid",
  "unusable-schema",
  "machine-too-large",
  "history-too-long",
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** `a, b or c`, for messages; long lists are cut. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  const shown = names.slice(0, 12);
  if (names.length > shown.length) return `${shown.join(", ")} and ${names.length - shown.length} more`;
  return shown.length === 1 ? shown.join("") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}
