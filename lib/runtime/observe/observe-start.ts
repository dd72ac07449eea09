import type { AgentEntry } from "../../definition/index.ts";
import type { QueuedEvent, QueuedStart } from "../start-batch.ts";
import { aboutEvent } from "./about.ts";
import type { Observers } from "./observers.ts";

/** The start of a queued event's run, as others see it: a span, and a line in the log where nothing is started. */
export function observeStart(
  { tracer, log }: Pick<Observers, "tracer" | "log">,
  agent: AgentEntry,
  { messageId, body }: QueuedEvent,
  start: () => Promise<readonly QueuedStart[]>,
): Promise<readonly QueuedStart[]> {
  return tracer.span("start run", aboutEvent(agent, body), async (span) => {
    const starts = await start();
    for (const each of starts) {
      if (each.kind === "started") continue;
      const { name, code } = each.error;
      const failed = { error_class: name, error_code: code };
      span.annotate(failed);
      log.error("event started no run", { agent: agent.name, message_id: messageId, outcome: each.kind, ...failed });
    }
    return starts;
  });
}
