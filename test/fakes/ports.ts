import { MemoryLevel } from "memory-level";
import type { Json } from "../../lib/contract/index.ts";
import { EmbeddedRunStore } from "../../lib/local/index.ts";
import type { BlobStore, Clock, EscalationNotice, RunStore, StartRequest } from "../../lib/ports/index.ts";

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

const unreachable: BlobStore = {
  read: async () => new Uint8Array(),
  create: async () => undefined,
  list: async () => [],
};

/** Ports for tests of the runtime: a real store, and everything else recorded. */
export function testPorts(store: RunStore = new EmbeddedRunStore(new MemoryLevel<string, string>())) {
  const started: StartRequest[] = [];
  const answers: { taskToken: string; output: Json }[] = [];
  const notices: EscalationNotice[] = [];
  const gone = new Set<string>();
  return {
    store,
    clock: testClock(),
    blobs: unreachable,
    owner: { id: "this", isGone: (owner: string) => gone.has(owner) },
    gone,
    started,
    answers,
    notices,
    executions: {
      start: async (request: StartRequest) => {
        const exists = started.some(({ name }) => name === request.name);
        if (!exists) started.push(request);
        return exists ? ("exists" as const) : ("started" as const);
      },
      answer: async (taskToken: string, output: Json) => {
        answers.push({ taskToken, output });
        return "delivered" as const;
      },
    },
    notifier: {
      escalationOpened: async (notice: EscalationNotice) => {
        notices.push(notice);
      },
    },
  };
}
