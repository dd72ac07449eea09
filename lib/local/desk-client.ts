import { z } from "zod";
import {
  ErrorClass,
  HoldfastError,
  type Json,
  type JsonObject,
  type LogLine,
  type SegmentDocument,
} from "../contract/index.ts";
import type { RunSummary } from "../ports/index.ts";
import type { Escalation, EscalationSummary, Packet } from "../runtime/index.ts";
import { type DevAddress, readDevFile } from "./dev-file.ts";
import { sendToDev } from "./dev-request.ts";
import type { HistoryEvent } from "./engine/index.ts";
import type { LocalDesk, LocalRunFacts } from "./local-desk.ts";

/** Facts as they travel: dates are text. */
interface SentFacts extends Omit<LocalRunFacts, "execution" | "history"> {
  readonly execution: Omit<LocalRunFacts["execution"], "startDate" | "stopDate"> & {
    readonly startDate: string;
    readonly stopDate?: string;
  };
  readonly history: readonly (Omit<HistoryEvent, "timestamp"> & { readonly timestamp: string })[];
}

/** How often a run is asked for, a second each, before it is left to go on alone. */
const PATIENCE = 30;

/**
 * The desk of the process that serves a data directory; undefined where none says that it does.
 *
 * Its refusals are thrown under their own class and code. `dev-failed` is thrown where it stops answering, or answers
 * as it should not: a decision may have counted nevertheless.
 *
 * @param busy why the directory cannot be opened here: thrown where nobody is at the address, or another is.
 */
export async function servedDesk(dataDir: string, busy: HoldfastError): Promise<LocalDesk | undefined> {
  const address = await readDevFile(dataDir);
  return address === undefined ? undefined : deskAt(address, busy);
}

function deskAt(address: DevAddress, busy: HoldfastError): LocalDesk {
  let isReached = false;
  const call = async <Answer>(operation: string, members: object): Promise<Answer> => {
    const { status, body } = await sendToDev(address, operation, members).catch((error: Error) => {
      if (!isReached && "code" in error && error.code === "ECONNREFUSED") throw busy;
      throw failed(address, `did not answer: ${error.message}`);
    });
    if (status === 200 && body !== undefined) {
      isReached = true;
      return body as Json & Answer;
    }
    if (!isReached && isAnother(body)) throw busy;
    throw errorOf(address, status, body);
  };
  return {
    isElsewhere: true,
    asked: async (audiences) => (await call<{ escalations: EscalationSummary[] }>("Asked", { audiences })).escalations,
    escalation: (id) => call<{ escalation: Escalation; packet: Packet }>("ReadEscalation", { id }),
    decide: async (decision, decider) =>
      (await call<{ escalation: Escalation }>("Decide", { decision, decider })).escalation,
    now: Date.now,
    runs: async (query) => (await call<{ runs: RunSummary[] }>("Runs", query)).runs,
    facts: async (runId) => received(await call<SentFacts>("Facts", { runId })),
    logs: async (runId, query) => (await call<{ lines: LogLine[] }>("Logs", { ...query, runId })).lines,
    segments: async (runId) => (await call<{ segments: SegmentDocument[] }>("Segments", { runId })).segments,
    async settled(runId) {
      for (let asked = 0; asked < PATIENCE; asked++) {
        if ((await call<{ isSettled: boolean }>("Settled", { runId })).isSettled) return true;
      }
      return false;
    },
  };
}

function received({ execution: { startDate, stopDate, ...execution }, history, ...facts }: SentFacts): LocalRunFacts {
  return {
    ...facts,
    execution: {
      ...execution,
      startDate: new Date(startDate),
      ...(stopDate === undefined ? {} : { stopDate: new Date(stopDate) }),
    },
    history: history.map((event) => ({ ...event, timestamp: new Date(event.timestamp) })),
  };
}

/** What this key opens nothing of, or what is no dev at all. */
const isAnother = ({ __type: type }: JsonObject = {}) =>
  typeof type !== "string" || ["AccessDeniedException", "UnknownOperationException"].includes(type);

const REFUSAL = z.object({ __type: z.enum(ErrorClass), code: z.string(), message: z.string() });

function errorOf(address: DevAddress, status: number, body: JsonObject | undefined): Error {
  const refusal = REFUSAL.safeParse(body).data;
  if (refusal !== undefined) return new HoldfastError(refusal.__type, refusal.code, refusal.message);
  const { __type: type, message } = body ?? {};
  if (type === "InternalFailure") return new Error(String(message));
  // Of all that is sent, only an output can be.
  if (status === 413) return new HoldfastError(ErrorClass.Denied, "invalid-output", String(message));
  return failed(address, `answered with status ${status}${type === undefined ? "" : `, ${type}: ${message}`}`);
}

const failed = ({ endpoint, pid }: DevAddress, what: string) =>
  new HoldfastError(
    ErrorClass.Transient,
    "dev-failed",
    `holdfast dev at ${endpoint} (process ${pid}) ${what}. A decision may have counted nevertheless: look at it before you repeat it.`,
  );
