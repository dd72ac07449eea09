import type { AgentDocument } from "../../definition/index.ts";
import type { FunctionCode } from "../bundle.ts";
import type { HoldfastPlatform } from "../platform/holdfast-platform.ts";

export interface HoldfastAgentProps {
  /** A checked agent. */
  readonly document: AgentDocument;
  readonly platform: HoldfastPlatform;
  /** Its functions, bundled. */
  readonly code: FunctionCode;
}
