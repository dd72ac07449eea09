import { hostname } from "node:os";
import type { LoadedAgent } from "../definition/index.ts";
import type { Desk } from "./desk.ts";
import { usageError } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { withPlatform } from "./with-platform.ts";

export interface DeskOptions {
  /** Name of a deployed platform's stack. @default the engine of this machine */
  readonly stack?: string | undefined;
  /** Who decides. A stack knows that by itself. */
  readonly as?: string | undefined;
}

/** Opens the desk for one command, and closes it whatever happens. */
export async function withDesk<Result>(
  invocation: Invocation,
  agents: readonly LoadedAgent[],
  { stack, as }: DeskOptions,
  use: (desk: Desk) => Promise<Result>,
): Promise<Result> {
  if (stack !== undefined) {
    if (as !== undefined) {
      throw usageError("as-with-stack", "With --stack you decide as whom AWS knows you. Leave --as out.");
    }
    const { stackDesk } = await import("./stack-desk.ts");
    return use(await stackDesk(stack));
  }
  return withPlatform(invocation, agents, [], (platform) =>
    use({
      platform,
      asked: platform.asked,
      read: platform.escalation,
      decide: (decision) => {
        if (as === undefined) throw usageError("as-missing", "Say who decides: --as you@example.com.");
        return platform.decide(decision, { id: as, groups: [], from: `the command line on ${hostname()}` });
      },
    }),
  );
}
