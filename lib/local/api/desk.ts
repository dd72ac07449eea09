import { z } from "zod";
import { HoldfastError, type Json, LOG_LEVELS, RUN_STATUSES } from "../../contract/index.ts";
import type { LocalDesk } from "../local-desk.ts";
import { ApiError } from "./api-error.ts";
import { type Operation, type Operations, operation } from "./operation.ts";

/** What the API needs of the platform to let the command line decide. */
export interface ServedDesk extends Omit<LocalDesk, "isElsewhere" | "settled" | "now"> {
  /** Whether the run rests before so many milliseconds are over. */
  settled(runId: string, withinMs: number): Promise<boolean>;
}

/** How long one request waits for a run: a server that is to close waits for requests. */
const WAIT_MS = 1_000;

const amount = z.number().exactOptional();

/** Whether it is a whole decision, `decide` says, and records what it refuses. */
const decision = z.object({
  id: z.string(),
  decision: z.string(),
  digest: z.string(),
  note: z.string(),
  output: z.custom<Json>().exactOptional(),
  raise: z.looseObject({ tokens: amount, usd: amount, steps: amount, wallClockSeconds: amount }).exactOptional(),
});

const decider = z.object({ id: z.string(), groups: z.array(z.string()), from: z.string() });

const query = z.object({
  agent: z.string().min(1),
  status: z.enum(RUN_STATUSES),
  startedBefore: z.string().exactOptional(),
  startedAfter: z.string().exactOptional(),
  limit: z.int().min(1),
});

const run = z.object({ runId: z.string().min(1) });

const logsQuery = z.object({
  runId: z.string().min(1),
  since: z.string().exactOptional(),
  level: z.enum(LOG_LEVELS).exactOptional(),
});

/**
 * What the command line asks while another process has the data directory open: operations of Holdfast's own, which
 * AWS does not know. Refusals keep class and code.
 *
 * @param key what every request must name.
 */
export function deskOperations(desk: ServedDesk, key: string): Operations {
  const operations: Operations = {
    Asked: operation(z.object({ audiences: z.array(z.string()) }), async ({ audiences }) => ({
      escalations: await desk.asked(audiences),
    })),
    ReadEscalation: operation(z.object({ id: z.string().min(1) }), ({ id }) => desk.escalation(id)),
    Decide: operation(z.object({ decision, decider }), async (given) => ({
      escalation: await desk.decide(given.decision, given.decider),
    })),
    Runs: operation(query, async (asked) => ({ runs: await desk.runs(asked) })),
    Facts: operation(run, ({ runId }) => desk.facts(runId)),
    Logs: operation(logsQuery, async ({ runId, ...asked }) => ({ lines: await desk.logs(runId, asked) })),
    Segments: operation(run, async ({ runId }) => ({ segments: await desk.segments(runId) })),
    Settled: operation(run, async ({ runId }) => ({ isSettled: await desk.settled(runId, WAIT_MS) })),
  };
  return Object.fromEntries(Object.entries(operations).map(([name, each]) => [name, withKey(key, each)]));
}

/** A process that finds the port of another data directory is refused, and so is who cannot read this one. */
const withKey =
  (key: string, run: Operation): Operation =>
  async ({ key: given, ...members }) => {
    if (given !== key) throw new ApiError("AccessDeniedException", "The key is not that of this data directory.", 403);
    return run(members).catch((error: unknown) => {
      if (!(error instanceof HoldfastError)) throw error;
      throw new ApiError(error.name, error.message, 400, { code: error.code });
    });
  };
