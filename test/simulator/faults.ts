import type { Dice } from "./dice.ts";

/** Where a function meets the world, one point after the other. */
export type PointKind = "read" | "write" | "sink" | "ask" | "execution" | "notice" | "blob" | "answer" | "journal";

export type When = "before" | "during" | "after";

/** What can go wrong at a point. `during`: it took effect, and its answer is never seen. */
export type Fault =
  | { readonly kind: "death"; readonly of: "invocation" | "process"; readonly when: When }
  | { readonly kind: "refused"; readonly as: "throttled" | "reset" }
  | { readonly kind: "answer-lost" }
  | { readonly kind: "doubled" }
  | { readonly kind: "delayed"; readonly before: number; readonly after: number };

/** What can go wrong between the engine and a function. */
export type TaskFault =
  | { readonly kind: "throttled" }
  | { readonly kind: "answer-lost" }
  /** The engine gives the call up after that many milliseconds while the function goes on. */
  | { readonly kind: "given-up"; readonly after: number }
  | { readonly kind: "answer-late"; readonly by: number }
  | { readonly kind: "doubled"; readonly after: number };

/** Which faults strike where. Asked once at every point, in the order in which the points are reached. */
export interface FaultPlan {
  /** No call of a receiver takes longer, in milliseconds. */
  readonly longestCall: number;
  /** Milliseconds that a call takes each way when nothing is wrong. */
  latency(point: PointKind): number;
  at(point: PointKind): Fault | undefined;
  ofTask(): TaskFault | undefined;
  /** By how many milliseconds the clock of an invocation is wrong. */
  skew(): number;
  /** By how many milliseconds a clock jumps at this moment. */
  jump(): number;
  /** Whether an invocation is ended when its time is up. */
  fences(): boolean;
  /** From now on nothing goes wrong. */
  heal(): void;
}

/** What a seed's plan draws from. */
export interface Weather {
  /** Some receivers do not honour keys, so that nothing may outlive its lease. */
  readonly hasPlainReceivers: boolean;
}

const MINUTE = 60_000;
/** After so many faults a simulation is left alone, so that its runs come to an end. */
const MOST_FAULTS = 40;
const MOST_PROCESS_DEATHS = 4;
const RATES = [0, 0.005, 0.02, 0.05, 0.1] as const;

const TASK_FAULTS = ["throttled", "answer-lost", "answer-late", "given-up", "given-up", "doubled", "doubled"] as const;

/** Faults of every kind at seeded rates; each seed has its own mixture. */
export function seededFaults(dice: Dice, { hasPlainReceivers }: Weather): FaultPlan {
  const rates = {
    store: dice.pick(RATES),
    death: dice.pick(RATES),
    process: dice.pick([0, 0, 0.005, 0.02]),
    task: dice.pick(RATES) * 2,
    late: dice.pick(RATES),
    unfenced: hasPlainReceivers ? 0 : dice.pick([0, 0.2, 1]),
    jump: hasPlainReceivers ? 0 : dice.pick([0, 0, 0.01]),
  };
  const mostSkew = dice.pick([0, 2_000]);
  const longestCall = hasPlainReceivers ? (mostSkew === 0 ? 4_800 : 900) : 20_000;
  let faultsLeft = MOST_FAULTS;
  let processDeathsLeft = MOST_PROCESS_DEATHS;

  const strikes = (rate: number) => {
    if (rate === 0 || faultsLeft === 0 || !dice.chance(rate)) return false;
    faultsLeft -= 1;
    return true;
  };
  const when = () => dice.pick<When>(["before", "during", "after"]);
  const long = () => dice.pick([200, 5_000, 20_000, 70_000, 4 * MINUTE]) + dice.below(500);

  return {
    longestCall,
    latency: (point) => (point === "sink" ? dice.below(dice.chance(0.2) ? longestCall / 2 : 50) : dice.below(12)),
    at(point) {
      if (processDeathsLeft > 0 && strikes(rates.process)) {
        processDeathsLeft -= 1;
        return { kind: "death", of: "process", when: when() };
      }
      if (point === "journal") return undefined;
      if (strikes(rates.death)) return { kind: "death", of: "invocation", when: when() };
      if (point === "answer") return undefined;
      if (strikes(rates.late)) {
        if (point === "sink") return { kind: "delayed", before: dice.below(longestCall / 2), after: long() };
        return { kind: "delayed", before: dice.chance(0.5) ? long() : 0, after: dice.chance(0.5) ? long() : 0 };
      }
      if (!strikes(rates.store)) return undefined;
      const kind = dice.pick(["refused", "answer-lost", "doubled"]);
      if (kind === "refused") return { kind, as: dice.pick(["throttled", "reset"]) };
      if (kind === "doubled") return point === "write" || point === "execution" ? { kind } : undefined;
      return { kind: "answer-lost" };
    },
    ofTask() {
      if (!strikes(rates.task)) return undefined;
      const kind = dice.pick(TASK_FAULTS);
      if (kind === "doubled") return { kind, after: dice.pick([0, 20, 300, 3_000]) };
      if (kind === "given-up") return { kind, after: dice.below(dice.pick([1_000, 30_000])) };
      return kind === "answer-late" ? { kind, by: long() } : { kind };
    },
    skew: () => (mostSkew === 0 || faultsLeft === 0 ? 0 : dice.between(-mostSkew, mostSkew)),
    jump: () => (strikes(rates.jump) ? dice.between(-5 * MINUTE, 5 * MINUTE) : 0),
    fences: () => !strikes(rates.unfenced),
    heal() {
      faultsLeft = 0;
    },
  };
}
