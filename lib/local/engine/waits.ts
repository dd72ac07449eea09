import type { Waiting } from "./api.ts";
import type { Running } from "./running.ts";

/** What an execution waits for, if that is nothing but tokens and timers yet to come. */
export function waitsOf({ execution, writes }: Running, now: number): readonly Waiting[] | undefined {
  if (writes > 0) return undefined;
  const waits: Waiting[] = [];
  for (const work of execution.work.values()) {
    if (work.kind === "token") {
      const { stateName, token = "" } = work.call;
      waits.push({ kind: "token", stateName, token });
    } else if (work.kind === "timer" && work.at > now) waits.push({ kind: "timer", at: new Date(work.at) });
    else return undefined;
  }
  return waits;
}
