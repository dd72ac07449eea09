import { ErrorClass } from "./error-classes.ts";

/** The ways in which a tool can fail of which a declaration says what to do. */
export const TOOL_DOMAINS = ["auth", "schema", "rate", "drift", "timeout"] as const;
export type ToolDomain = (typeof TOOL_DOMAINS)[number];

/**
 * Each fault of a tool: its stable code, its domain, and the error class that it ends an attempt with. Denied and Throttled
 * are for those before anything took effect: the protocol of actions relies on it.
 */
export const ToolFault = {
  unauthorised: { code: "tool-unauthorised", domain: "auth", errorClass: ErrorClass.Denied },
  inputInvalid: { code: "tool-input-invalid", domain: "schema", errorClass: ErrorClass.Permanent },
  outputInvalid: { code: "tool-output-invalid", domain: "schema", errorClass: ErrorClass.InvalidOutput },
  outputTooLarge: { code: "tool-output-too-large", domain: "schema", errorClass: ErrorClass.InvalidOutput },
  rateLimited: { code: "tool-rate-limited", domain: "rate", errorClass: ErrorClass.Throttled },
  /** Its server has as many calls as it may have at a time, and as many wait. */
  busy: { code: "tool-busy", domain: "rate", errorClass: ErrorClass.Throttled },
  drifted: { code: "tool-drifted", domain: "drift", errorClass: ErrorClass.Denied },
  timedOut: { code: "tool-timed-out", domain: "timeout", errorClass: ErrorClass.Transient },
  /** It crashed, reset the connection, or could not be reached. */
  unreachable: { code: "tool-unreachable", domain: "timeout", errorClass: ErrorClass.Transient },
} as const satisfies Record<string, { code: string; domain: ToolDomain; errorClass: ErrorClass }>;
export type ToolFault = keyof typeof ToolFault;
