import { failureKey, type HoldfastError, runKey, type StepEvent } from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import { expiryOf } from "./expiry.ts";
import { keptOf } from "./kept-event.ts";
import { redactText } from "./people/redact.ts";
import type { StepPorts } from "./ports.ts";

/** Longest message that is kept of a failure. */
const LONGEST_MESSAGE = 500;

/**
 * Keeps that an attempt has failed, and what the state machine does next: it retries as declared, counting by class and
 * from the start again each time the state is entered. What cannot be kept is left to the log, and to who misses the
 * attempt in the record: the failure itself counts for more.
 *
 * @param startedAt of the attempt, in milliseconds since the epoch.
 */
export async function recordFailure(
  ports: Pick<StepPorts, "store" | "clock">,
  step: StepDefinition,
  event: StepEvent,
  { name, code, message }: HoldfastError,
  startedAt: number,
): Promise<void> {
  const { runId, path, visit, attempt } = event;
  const pk = runKey(runId);
  // Which attempts went before decides no more than what is said of the next: it is not worth losing the rest for.
  const [earlier] = await Promise.allSettled([ports.store.query(pk, failureKey(path, visit))]);
  const alike = (earlier.status === "fulfilled" ? earlier.value : []).filter(
    (item) => item.path === path && item.entered === event.entered && item.class === name,
  ).length;
  const at = new Date(ports.clock.now()).toISOString();
  await ports.store.put({
    pk,
    sk: `${failureKey(path, visit, at)}#${attempt}`,
    step: step.name,
    effect: step.effect,
    path,
    visit,
    attempt,
    class: name,
    code,
    message: redactText(message).slice(0, LONGEST_MESSAGE),
    next: alike < (step.retries[name] ?? 0) ? "retry" : "given-up",
    startedAt: new Date(startedAt).toISOString(),
    at,
    ...keptOf(event),
    ttl: expiryOf(ports.clock),
  });
}
