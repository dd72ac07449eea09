import { hostname } from "node:os";
import type { LoadedAgent } from "../definition/index.ts";
import type { Desk } from "./desk.ts";
import { usageError } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { withLocalDesk } from "./with-local-desk.ts";

export interface DeskOptions {
  /** Name of a deployed platform's stack. @default this machine */
  readonly stack?: string | undefined;
  /** Who decides, and the groups they are in. A stack knows that by itself. */
  readonly as?: string | undefined;
  readonly group?: readonly string[];
  /** Whether open runs of this machine are taken up first. @default false */
  readonly takesUp?: boolean;
}

/** Opens the desk for one command, and closes it whatever happens. */
export async function withDesk<Result>(
  invocation: Invocation,
  agents: readonly LoadedAgent[],
  { stack, as, group = [], takesUp = false }: DeskOptions,
  use: (desk: Desk) => Promise<Result>,
): Promise<Result> {
  if (stack !== undefined) {
    if (as !== undefined || group.length > 0) {
      throw usageError("as-with-stack", "With --stack you decide as whom AWS knows you. Leave --as and --group out.");
    }
    const { stackDesk } = await import("./stack-desk.ts");
    return use(await stackDesk(stack));
  }
  return withLocalDesk(invocation, agents, { takesUp }, (local) =>
    use({
      local,
      asked: local.asked,
      read: local.escalation,
      decide: (decision) => {
        if (as === undefined) throw usageError("as-missing", "Say who decides: --as you@example.com.");
        return local.decide(decision, { id: as, groups: group, from: `the command line on ${hostname()}` });
      },
    }),
  );
}
