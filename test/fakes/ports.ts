import { MemoryLevel } from "memory-level";
import type { Webhook } from "../../lib/definition/index.ts";
import { EmbeddedRunStore, systemChance } from "../../lib/local/index.ts";
import type { Clock, DeadLetter, EscalationNotice, Measurement, RunStore } from "../../lib/ports/index.ts";
import { fakeExecutions } from "./executions.ts";
import { memoryBlobs } from "./memory-blobs.ts";

/** A clock that a test sets; timers never fire. */
export function testClock(start = Date.UTC(2026, 0, 1)): Clock & { advance(milliseconds: number): void } {
  let time = start;
  return {
    now: () => time,
    at: () => () => undefined,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}

/** Ports for tests of the runtime: a real store, and everything else recorded. */
export function testPorts(store: RunStore = new EmbeddedRunStore(new MemoryLevel<string, string>())) {
  const { executions, started, answers, set: setExecution } = fakeExecutions();
  const notices: EscalationNotice[] = [];
  const posted: { readonly url: string; readonly notice: EscalationNotice }[] = [];
  const gone = new Set<string>();
  const kept: DeadLetter[] = [];
  const measured: Measurement[] = [];
  const blobs = memoryBlobs();
  return {
    store,
    clock: testClock(),
    chance: systemChance(),
    blobs,
    claims: { folder: "mem:claims/", blobs },
    owner: { id: "this", isGone: (owner: string) => gone.has(owner) },
    gone,
    kept,
    deadLetters: {
      keep: async (letter: DeadLetter) => {
        kept.push(letter);
      },
    },
    measured,
    metrics: {
      record: (measurement: Measurement) => {
        measured.push(measurement);
      },
    },
    started,
    answers,
    notices,
    posted,
    webhook: async ({ url }: Webhook, notice: EscalationNotice) => {
      posted.push({ url, notice });
    },
    executions,
    setExecution,
    notifier: {
      escalationOpened: async (notice: EscalationNotice) => {
        notices.push(notice);
      },
    },
  };
}
