import type { LoadedAgent } from "../definition/index.ts";
import { type Fault, type LocalPlatform, openLocalPlatform } from "../local/index.ts";
import type { Invocation } from "./invocation.ts";
import { showProgress } from "./progress.ts";

/** Opens the local platform for one command, with its progress on the terminal, and closes it whatever happens. */
export async function withPlatform<Result>(
  { dataDir, terminal, json }: Invocation,
  agents: readonly LoadedAgent[],
  faults: readonly Fault[],
  use: (platform: LocalPlatform) => Promise<Result>,
): Promise<Result> {
  const { powertoolsLog } = await import("../aws/powertools-log.ts");
  const openLog = (write: (line: string) => void) => powertoolsLog({ write });
  const openTracer = async (daemon: string) =>
    (await import("../aws/powertools-tracer.ts")).powertoolsTracer({ daemon });
  const openAws = async () => (await import("../aws/index.ts")).environmentAws();
  const platform = await openLocalPlatform({ dataDir, agents, faults, openLog, openTracer, openAws });
  const stopShowing = json ? undefined : showProgress(terminal, platform);
  try {
    return await use(platform);
  } finally {
    stopShowing?.();
    await platform.close();
  }
}
