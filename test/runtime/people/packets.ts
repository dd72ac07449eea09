import { ErrorClass, type HoldfastError, type Json, RUN, runKey } from "../../../lib/contract/index.ts";
import { checkAgent, type PeopleEntry, peopleEntry, type StepDefinition } from "../../../lib/definition/index.ts";
import { runUndo } from "../../../lib/runtime/compensation.ts";
import { toFunctionError } from "../../../lib/runtime/function-error.ts";
import type { PacketSources } from "../../../lib/runtime/people/build-packet.ts";
import type { Incident } from "../../../lib/runtime/people/incident.ts";
import { runStep } from "../../../lib/runtime/run-step.ts";
import { openRun } from "../../../lib/runtime/runs.ts";
import type { StepHandler } from "../../../lib/runtime/step-context.ts";
import { testPorts } from "../../fakes/ports.ts";

export const RUN_ID = `desk-${"0".repeat(32)}`;
export const IBAN = "CH9300762011623852957";
export const KB = 1_024;
export const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

const account = {
  type: "object",
  properties: { iban: { type: "string", sensitive: true }, bank: { type: "string" }, vip: { sensitive: true } },
};
const task = (name: string, effect: string, more = {}) => ({
  kind: "task",
  name,
  handler: `./${name}.ts`,
  effect,
  output: { type: "object" },
  ...more,
});

function entryOf(): PeopleEntry {
  const checked = checkAgent({
    holdfast: 1,
    name: "desk",
    purpose: "Pay what is due.",
    input: { type: "object", properties: { id: { type: "string" }, salary: { type: "number", sensitive: true } } },
    triggers: [],
    escalations: {
      clerks: {
        tiers: [
          { audience: "ap-clerks", within: "4h" },
          { audience: "ap-lead", within: "1d", approvals: 2, members: ["ann", "ben"] },
        ],
      },
    },
    steps: [
      task("look-up", "read", { output: account }),
      task("assess", "none"),
      task("pay", "write", { compensate: "./unpay.ts" }),
      task("book", "write"),
      { kind: "approval", name: "ask", ladder: "clerks", request: {}, onReject: { continueWith: { paid: false } } },
    ],
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return peopleEntry(checked.agent);
}

export const entry = entryOf();

export const incident = (more: Partial<Incident> = {}): Incident => ({
  kind: "failure",
  step: "pay",
  path: "pay",
  error: ErrorClass.Transient,
  cause: "",
  decisions: ["retry", "override", "abort"],
  ...more,
});

export const asking = (more: Partial<Incident> = {}, request: Partial<PacketSources["request"]> = {}) => ({
  id: `${RUN_ID}-00000001`,
  ladder: "clerks",
  tier: 1,
  openedAt: "2026-01-01T01:00:00.000Z",
  incident: incident(more),
  ...request,
});

export const nothing: Omit<PacketSources, "request"> = { entry, run: undefined, steps: [], actions: [], before: [] };

/** The cause that a state machine is told of a function's error. */
export const causeOf = (error: HoldfastError) =>
  JSON.stringify({ errorType: error.name, errorMessage: toFunctionError(error).message, trace: [] });

/** A run in a real store, whose steps are really run. */
export async function running(input: Json = { id: "a", salary: 5200 }) {
  const ports = testPorts();
  await openRun(ports, RUN_ID, { input }, { budget: { tokens: 1_000, usd: 1 } });
  const definition = (name: string, effect: StepDefinition["effect"]): StepDefinition => ({
    agent: "desk",
    name,
    effect,
    timeoutSeconds: 60,
    output: {},
    errors: [],
    limits: {},
    gated: false,
    undoable: effect === "write",
    retries: {},
  });
  const event = (path: string, attempt: number) => ({ runId: RUN_ID, path, visit: 1, attempt, input: { amount: 3 } });
  return {
    ports,
    async step(name: string, effect: StepDefinition["effect"], run: StepHandler, { path = name, attempt = 1 } = {}) {
      ports.clock.advance(1_000);
      return runStep(ports, definition(name, effect), run, event(path, attempt)).catch((error: HoldfastError) => error);
    },
    undo: (name: string) => runUndo(ports, definition(name, "write"), () => null, event(name, 1)),
    async sources(): Promise<Omit<PacketSources, "request">> {
      const { store } = ports;
      const [run, steps, actions] = await Promise.all([
        store.get({ pk: runKey(RUN_ID), sk: RUN }),
        store.query(runKey(RUN_ID), "STEP#"),
        store.query(runKey(RUN_ID), "ACTION#"),
      ]);
      return { entry, run, steps, actions, before: [] };
    },
  };
}
