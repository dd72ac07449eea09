import type { Json } from "../../contract/index.ts";
import type { Engine, EngineOptions } from "./api.ts";
import { definitionCache } from "./definition-cache.ts";
import { describe } from "./describe.ts";
import { Driver } from "./driver.ts";
import { toJson } from "./expression/to-json.ts";
import { renderEvent } from "./history/render.ts";
import type { Happening } from "./interpreter/entry.ts";
import { MAX_PAYLOAD_BYTES } from "./interpreter/frame.ts";
import { executionOfToken } from "./interpreter/token.ts";
import { levelJournal } from "./journal/level-journal.ts";
import { memoryJournal } from "./journal/memory-journal.ts";
import { nestedExecutions } from "./nested-executions.ts";
import { replay } from "./replay.ts";
import type { Running } from "./running.ts";
import { ServiceError } from "./service-error.ts";
import { starter } from "./start.ts";
import { waitsOf } from "./waits.ts";

/** An engine on a store, or without one for as long as the process lives. */
export function createEngine({
  store,
  clock,
  chance,
  tasks,
  definitions,
  onStatusChange,
  ...around
}: EngineOptions): Engine {
  const journal = store === undefined ? memoryJournal() : levelJournal(store);
  const compiled = definitions ?? definitionCache();
  const nested = nestedExecutions(() => engine, around);
  const driver = new Driver({
    clock,
    journal,
    onStatusChange,
    handlerOf: (resource) => tasks(resource) ?? nested.handlerOf(resource),
    outcomeOfJob: async (job) =>
      tasks(job.call.resource) === undefined ? nested.outcomeOfJob(job) : { result: job.response },
  });

  const recordOf = async (arn: string) => {
    await journal.flushed();
    const record = driver.running.get(arn)?.record ?? (await journal.record(arn));
    if (record === undefined) throw new ServiceError("ExecutionDoesNotExist", arn);
    return record;
  };
  const revived = async (arn: string): Promise<Running> =>
    driver.running.get(arn) ?? replay(journal, await recordOf(arn), compiled);

  const answer = async (token: string, happening: (work: number) => Happening) => {
    const arn = executionOfToken(token);
    if (arn === undefined) throw new ServiceError("InvalidToken", "Invalid token");
    const running = driver.running.get(arn);
    if (running === undefined && (await journal.record(arn)) === undefined)
      throw new ServiceError("TaskDoesNotExist", "Provided task does not exist");
    const work = running?.execution.workOfToken(token);
    if (running === undefined || work === undefined || !(await driver.tell(running, happening(work))))
      throw new ServiceError("TaskTimedOut", "Provided task does not exist anymore");
  };

  const engine: Engine = {
    startExecution: starter({ clock, chance, journal, driver, compiled }),
    describeExecution: async (arn) => describe(await recordOf(arn)),
    async listExecutions({ stateMachineArn, status } = {}) {
      await journal.flushed();
      const found = [];
      for await (const record of journal.records()) {
        const fits = stateMachineArn === undefined || record.identity.stateMachineArn === stateMachineArn;
        if (fits && (status === undefined || record.standing.status === status)) found.push(record);
      }
      return found.sort((left, right) => right.startedAt - left.startedAt).map(describe);
    },
    async getHistory(arn) {
      await journal.flushed();
      return (await revived(arn)).execution.history.events.map(renderEvent);
    },
    async stopExecution(arn, reason = {}) {
      const running = await revived(arn);
      await driver.tell(running, { kind: "stopped", ...reason });
      return { stopDate: new Date(running.execution.standing.stoppedAt ?? clock.now()) };
    },
    async redriveExecution(arn) {
      const running = await revived(arn);
      driver.running.set(arn, running);
      if (await driver.tell(running, { kind: "redriven" })) return { redriveDate: new Date(running.lastAt) };
      const { status } = running.execution.standing;
      if (status !== "RUNNING") driver.running.delete(arn);
      throw new ServiceError("ExecutionNotRedrivable", `Execution is ${status} and cannot be redriven`);
    },
    async sendTaskSuccess(token, output) {
      const result = readOutput(output);
      await answer(token, (work) => ({ kind: "completion", work, outcome: { result } }));
    },
    sendTaskFailure: (token, failure = {}) =>
      answer(token, (work) => ({ kind: "completion", work, outcome: { failure } })),
    sendTaskHeartbeat: (token) => answer(token, (work) => ({ kind: "heartbeat", work })),
    async resume() {
      const arns = (await journal.open()).filter((arn) => !driver.running.has(arn));
      const all = await Promise.all(arns.map(revived));
      for (const running of all) driver.takeUp(running);
      return all.length;
    },
    async settled(arn) {
      const running = driver.running.get(arn);
      if (running === undefined) return { status: (await recordOf(arn)).standing.status, waitingFor: [] };
      const settled = await driver.until(running, ({ execution }) => {
        const waitingFor = waitsOf(running, clock.now());
        return waitingFor && { status: execution.standing.status, waitingFor };
      });
      const nested = settled.waitingFor.flatMap((waiting) =>
        waiting.kind === "execution" ? [waiting.executionArn] : [],
      );
      const children = await Promise.all(nested.map((child) => engine.settled(child)));
      if (children.every(({ status }) => status === "RUNNING")) return settled;
      await new Promise((resolve) => setImmediate(resolve));
      return engine.settled(arn);
    },
    async closed(arn) {
      const running = driver.running.get(arn);
      if (running === undefined) return describe(await recordOf(arn));
      return driver.until(running, ({ record, writes }) =>
        record.standing.status === "RUNNING" || writes > 0 ? undefined : describe(record),
      );
    },
    subscribe: (listener) => driver.subscribe(listener),
    async close() {
      driver.close();
      await journal.flushed();
    },
  };
  return engine;
}

function readOutput(output: Json): Json {
  const { value, bytes } = toJson(output);
  if (bytes <= MAX_PAYLOAD_BYTES) return value;
  throw new ServiceError("InvalidOutput", `The output has ${bytes} bytes; at most ${MAX_PAYLOAD_BYTES} are allowed.`);
}
