import type { AgentDocument } from "../../definition/index.ts";
import type { FunctionCode } from "../bundle.ts";
import type { HoldfastPlatform } from "../platform/holdfast-platform.ts";

export interface HoldfastAgentProps {
  /** A checked agent. */
  readonly document: AgentDocument;
  readonly platform: HoldfastPlatform;
  /** The agents whose runs may run it as a subflow, directly or not. */
  readonly callers: readonly AgentDocument[];
  /** Its functions, bundled. */
  readonly code: FunctionCode;
}
