import type { AgentDocument } from "../../definition/index.ts";
import type { FunctionCode } from "../bundle.ts";
import type { HoldfastPlatform } from "../platform/holdfast-platform.ts";
import type { Rollout } from "../rollout.ts";

export interface HoldfastAgentProps {
  /** A checked agent, as `loadAgents` and `checkAgent` give it. */
  readonly document: AgentDocument;
  readonly platform: HoldfastPlatform;
  /** The agents whose runs may run it as a subflow, directly or not. */
  readonly callers: readonly AgentDocument[];
  /** Its functions, bundled: `await bundle(agentEntries(loaded), outdir)`. */
  readonly code: FunctionCode;
  /** @default that of the platform's stage */
  readonly rollout?: Rollout | undefined;
}
