import { breakerKey, ToolFault, toolKey } from "../../contract/index.ts";
import type { Chance, Clock, Item, RunStore } from "../../ports/index.ts";
import { admission, afterCall, type BreakerLimits, type BreakerState, CLOSED } from "./breaker-state.ts";

/** What is known of a breaker is taken for true so long, so that calls in a row cost no read each. */
const KNOWN_FOR_MS = 1_000;
/** So many processes may write between a read and its write before one gives up. */
const MOST_WRITES = 8;

export type Admission =
  | { readonly passes: true; readonly probe?: string }
  | { readonly passes: false; readonly fault: ToolFault; readonly retryAfterSeconds: number };

/** The breaker of one tool. */
export interface Breaker {
  /** Whether a call may be made now. Where the store cannot be read, what was last known of it stands. */
  admit(): Promise<Admission>;
  /** Tells how a call went. Never fails: what is lost is counted by the next failure. @param fault @default none */
  report(fault: ToolFault | undefined, probe?: string): Promise<void>;
}

interface Known {
  readonly state: BreakerState;
  /** `undefined`: there is no item. */
  readonly version: number | undefined;
  readonly at: number;
}

const NEVER: Known = { state: CLOSED, version: undefined, at: Number.NEGATIVE_INFINITY };

/**
 * A breaker that all processes share: its state is an item, which each of them changes under the condition that it is
 * still as it was read. So every failure counts, whoever had it, and one process alone gets to probe.
 */
export function sharedBreaker(
  { store, clock, chance }: { readonly store: RunStore; readonly clock: Clock; readonly chance: Chance },
  agent: string,
  tool: string,
  limits: BreakerLimits,
): Breaker {
  const key = { pk: breakerKey(agent), sk: toolKey(tool) };
  let known = NEVER;
  let reading: Promise<Known> | undefined;

  const learn = (item: Item | undefined): Known => {
    known = { state: stateOf(item), version: item === undefined ? undefined : Number(item.version), at: clock.now() };
    return known;
  };
  const read = (): Promise<Known> => {
    if (clock.now() < known.at + KNOWN_FOR_MS) return Promise.resolve(known);
    reading ??= store
      .get(key)
      .then(learn, () => known)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  /** @returns whether the state was still as known; whatever it is now, is known then. */
  async function write({ version }: Known, state: BreakerState): Promise<boolean> {
    const item = { ...key, ...state, version: (version ?? 0) + 1 };
    const written = await store.put(
      item,
      version === undefined ? { kind: "absent" } : { kind: "matches", attributes: { version } },
    );
    learn(written.applied ? item : written.current);
    return written.applied;
  }

  async function admit(): Promise<Admission> {
    const found = await read();
    const probe = chance.uuid();
    const next = admission(found.state, limits, clock.now(), probe);
    if (next === "pass") return { passes: true };
    if (next !== "refuse" && (await write(found, next).catch(() => false))) return { passes: true, probe };
    return known.state.status === "closed" ? { passes: true } : refusal(known.state, clock.now());
  }

  async function report(fault: ToolFault | undefined, probe?: string): Promise<void> {
    for (let writes = 0; writes < MOST_WRITES; writes += 1) {
      const next = afterCall(known.state, limits, clock.now(), fault, probe);
      if (next === known.state || (await write(known, next))) return;
    }
  }

  return { admit, report: (fault, probe) => report(fault, probe).catch(() => undefined) };
}

const refusal = (state: Exclude<BreakerState, { status: "closed" }>, now: number): Admission => ({
  passes: false,
  fault: state.fault,
  retryAfterSeconds: Math.max(1, Math.ceil((state.until - now) / 1_000)),
});

/** What cannot be read counts as closed: a breaker protects, and is no reason to stand still. */
function stateOf(item: Item | undefined): BreakerState {
  const until = Number(item?.until ?? 0);
  const fault = faultOf(item?.fault);
  if (item === undefined || fault === undefined || item.status === "closed") {
    const failures = Number(item?.failures ?? 0);
    return failures > 0 ? { status: "closed", failures, until } : CLOSED;
  }
  if (item.status === "open") return { status: "open", until, fault };
  return { status: "probing", until, fault, probe: String(item.probe) };
}

const faultOf = (name: unknown): ToolFault | undefined =>
  typeof name === "string" && Object.hasOwn(ToolFault, name) ? (name as ToolFault) : undefined;
