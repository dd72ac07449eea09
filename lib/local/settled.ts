import type { Engine } from "./engine/index.ts";

/** A wait that is longer is left to a later process. */
const PATIENCE_MS = 15 * 60_000;

/**
 * Whether, before the time is up, the execution has closed, or waits for a token or for a time that is far away.
 *
 * @param until milliseconds since the epoch.
 */
export async function settled(
  engine: Engine,
  arn: string,
  now: () => number,
  until = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  for (;;) {
    const rest = await within(until - now(), engine.settled(arn));
    if (rest === undefined) return false;
    if (rest.status !== "RUNNING") return true;
    const next = Math.min(...rest.waitingFor.map((waiting) => timeOf(waiting)));
    if (next - now() > PATIENCE_MS) return true;
    if (now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, Math.min(next, until) - now() + 1)));
  }
}

type Waiting = Awaited<ReturnType<Engine["settled"]>>["waitingFor"][number];

const timeOf = (waiting: Waiting) => (waiting.kind === "timer" ? waiting.at.getTime() : Number.POSITIVE_INFINITY);

/** What is found within so many milliseconds, without end where they are infinite. */
export async function within<Found>(milliseconds: number, found: Promise<Found>): Promise<Found | undefined> {
  if (milliseconds === Number.POSITIVE_INFINITY) return found;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, milliseconds));
  });
  return Promise.race([found, late]).finally(() => clearTimeout(timer));
}
