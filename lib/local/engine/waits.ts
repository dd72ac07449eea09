import { isObject } from "../../contract/index.ts";
import type { Waiting } from "./api.ts";
import type { Running } from "./running.ts";

/** What an execution waits for, if that is nothing but tokens, timers yet to come and other executions. */
export function waitsOf({ execution, writes }: Running, now: number): readonly Waiting[] | undefined {
  if (writes > 0) return undefined;
  const waits: Waiting[] = [];
  for (const work of execution.work.values()) {
    if (work.kind === "call" || (work.kind === "timer" && work.at <= now)) return undefined;
    if (work.kind === "token") {
      const { stateName, token = "" } = work.call;
      waits.push({ kind: "token", stateName, token });
    } else if (work.kind === "job") {
      waits.push({
        kind: "execution",
        executionArn: isObject(work.response) ? String(work.response.ExecutionArn) : "",
      });
    } else if (work.isLimit !== true) waits.push({ kind: "timer", at: new Date(work.at) });
  }
  return waits;
}
