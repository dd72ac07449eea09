import { HoldfastError } from "../contract/index.ts";
import type { LoadedAgent } from "../definition/index.ts";
import { type LocalDesk, servedDesk } from "../local/index.ts";
import type { Invocation } from "./invocation.ts";
import { withPlatform } from "./with-platform.ts";

interface LocalDeskOptions {
  /** Whether open runs are taken up first, so that they can go on. One that has them under way does that by itself. */
  readonly takesUp: boolean;
}

/** The desk of this machine for one command: the platform, or where `holdfast dev` has it open, that. */
export async function withLocalDesk<Result>(
  invocation: Invocation,
  agents: readonly LoadedAgent[],
  { takesUp }: LocalDeskOptions,
  use: (desk: LocalDesk) => Promise<Result>,
): Promise<Result> {
  try {
    return await withPlatform(invocation, agents, [], async (platform) => {
      if (takesUp) await platform.resume();
      return use(platform);
    });
  } catch (error) {
    if (!(error instanceof HoldfastError && error.code === "data-dir-busy")) throw error;
    const desk = await servedDesk(invocation.dataDir, error);
    if (desk === undefined) throw error;
    return use(desk);
  }
}
