import {
  ErrorClass,
  LONGEST_RUN_SECONDS,
  PLATFORM_TIMEOUT_SECONDS,
  PRICES,
  STATE_GRACE_SECONDS,
} from "../contract/index.ts";
import {
  type AgentDocument,
  type ApprovalStep,
  defaultLadder,
  failureEdges,
  gateLadder,
  isLeased,
  isWork,
  longestWait,
  type Outcome,
  type Step,
  type SubflowStep,
  secondsOf,
  substeps,
  toolGates,
  type WorkStep,
  writesOf,
} from "../definition/index.ts";
import type { Retrier } from "./asl.ts";
import { itemBounds } from "./item-bounds.ts";
import { keepsHours } from "./ladder.ts";
import { ASKING, longestDelay, RECORDING, SUBFLOW_OPENING, stepRetriers, undoRetriers } from "./retry.ts";
import { timeLimit } from "./time-limit.ts";
import { decides } from "./trail.ts";

/** The most that one run can take. */
export interface WorstCase {
  /** State transitions, retries included. */
  readonly transitions: number;
  /** Lambda invocations. */
  readonly invocations: number;
  /** Of any one step. */
  readonly attempts: number;
  readonly wallClockSeconds: number;
  /** Events of the execution history, of which AWS allows 25 000. */
  readonly historyEvents: number;
  /** List price of transitions, requests, compute and store writes, plus the money budget if there is one. */
  readonly usd: number;
}

const NOTHING: WorstCase = {
  transitions: 0,
  invocations: 0,
  attempts: 0,
  wallClockSeconds: 0,
  historyEvents: 0,
  usd: 0,
};
/** What an item of a Map adds to the history. */
const ITERATION: WorstCase = { ...NOTHING, historyEvents: 2 };
/** What a function of the platform may take; memory in MB. */
const PLATFORM_FUNCTION = { timeout: `${PLATFORM_TIMEOUT_SECONDS}s`, memory: 512 };

/**
 * The worst case of a run: every attempt of every step fails until the last, every branch taken is the costliest, every
 * failed or rejected step is handed to its ladder once, answered at the last moment by its last tier, and tried once
 * more, a loop asks once for each of its gated tools; then everything is undone. What people repeat beyond that is theirs to count, and so is what a subflow's own run
 * takes, but for its time.
 */
export function worstCase(agent: AgentDocument): WorstCase {
  const bounds = itemBounds(agent);
  const run = inSequence([ofRegion(agent, bounds, agent.steps), ofCompensation(agent, bounds)]);
  return {
    ...run,
    wallClockSeconds: Math.min(run.wallClockSeconds, timeLimit(agent) ?? LONGEST_RUN_SECONDS),
    historyEvents: run.historyEvents + 2,
    usd: run.usd + (agent.budget.usd ?? 0),
  };
}

type Bounds = ReadonlyMap<Step, number>;

/** A machine, a branch or an item: its steps, and the state that ends it. */
const ofRegion = (agent: AgentDocument, bounds: Bounds, steps: readonly Step[]) =>
  inSequence([
    ofSteps(agent, bounds, steps),
    ...(decides(agent, steps) ? [attempts(RECORDING, PLATFORM_FUNCTION)] : []),
    state(),
  ]);

const ofSteps = (agent: AgentDocument, bounds: Bounds, steps: readonly Step[]) =>
  inSequence(steps.map((step) => ofStep(agent, bounds, step)));

function ofStep(agent: AgentDocument, bounds: Bounds, step: Step): WorstCase {
  switch (step.kind) {
    case "task":
    case "reason":
      return ofWork(agent, step);
    case "wait":
      return state(step.for === undefined ? LONGEST_RUN_SECONDS : secondsOf(step.for));
    case "approval":
      return ofQuestion(agent, step.ladder, step.onReject);
    case "choose":
      return inSequence([
        state(),
        worstOf([...step.branches, step.otherwise].map(({ steps }) => ofSteps(agent, bounds, steps))),
      ]);
    case "parallel":
      return inSequence([
        container(),
        atOnce(Object.values(step.branches).map(({ steps }) => ofRegion(agent, bounds, steps))),
      ]);
    case "each": {
      const count = bounds.get(step) ?? 0;
      const item = inSequence([ITERATION, ofRegion(agent, bounds, step.steps)]);
      return inSequence([container(), times(item, count, Math.ceil(count / step.concurrency))]);
    }
    case "subflow":
      return rescued(agent, step, ofSubflow(step));
  }
}

function ofWork(agent: AgentDocument, step: WorkStep): WorstCase {
  const once = attempts(stepRetriers(step, isLeased(agent, step)), step);
  const tried = rescued(agent, step, once);
  const gate = gateLadder(agent, step);
  const onReject = failureEdges(step.onFailure, defaultLadder(agent)).get(ErrorClass.Rejected);
  const asked = [...toolGates(agent, step)].flatMap(([ladder, tools]) =>
    tools.flatMap(() => [ofQuestion(agent, ladder, onReject), once]),
  );
  return inSequence([...(gate === undefined ? [] : [ofQuestion(agent, gate, onReject)]), tried, ...asked]);
}

/** The child's machine is started once its RUN item is written, and waited for to the end of its time. */
function ofSubflow(step: SubflowStep): WorstCase {
  const open = attempts(SUBFLOW_OPENING, PLATFORM_FUNCTION);
  const run = { ...state(secondsOf(step.timeout)), attempts: 1, historyEvents: 6 };
  return inSequence([open, run]);
}

/** What fails goes to its ladder, if it has one, and is tried once more. */
function rescued(agent: AgentDocument, step: WorkStep | SubflowStep, once: WorstCase): WorstCase {
  const outcomes = [...failureEdges(step.onFailure, defaultLadder(agent)).values()];
  const ladders = outcomes.map((outcome) => ofOutcome(agent, outcome)).filter((ladder) => ladder !== NOTHING);
  return ladders.length === 0 ? once : inSequence([once, worstOf(ladders), once]);
}

/** People are asked; a rejection that goes to a ladder comes back as the same question. */
function ofQuestion(agent: AgentDocument, ladder: string, onReject: ApprovalStep["onReject"] | undefined): WorstCase {
  const asked = inSequence([state(), ofLadder(agent, ladder)]);
  const rejected = ofOutcome(agent, onReject);
  return rejected === NOTHING ? asked : inSequence([asked, rejected, asked]);
}

const ofOutcome = (agent: AgentDocument, outcome: Outcome | undefined) =>
  typeof outcome === "object" && "escalate" in outcome ? ofLadder(agent, outcome.escalate) : NOTHING;

/** Every tier stays silent but the last, which ends in time; telling the time and ending it are the function's, too. */
function ofLadder(agent: AgentDocument, name: string): WorstCase {
  const ladder = agent.escalations[name];
  if (ladder === undefined) return NOTHING;
  const invoked = attempts(ASKING, PLATFORM_FUNCTION);
  const tiers = ladder.tiers.map((tier) => {
    const wallClockSeconds = invoked.wallClockSeconds + longestWait(tier);
    const asked = { ...invoked, wallClockSeconds, historyEvents: invoked.historyEvents + 1 };
    return inSequence([asked, invoked, state()]);
  });
  return inSequence([...(keepsHours(ladder) ? [invoked] : []), ...tiers]);
}

function ofCompensation(agent: AgentDocument, bounds: Bounds): WorstCase {
  const { undoable, lasting } = writesOf(agent);
  if (undoable.length + lasting.length === 0) return NOTHING;
  const completed = completions(agent.steps, bounds, 1).filter(({ step }) => typeof step.compensate === "string");
  const retry = undoable.length > 0 ? undoRetriers(undoable) : [];
  const undo = completed.map(({ step, count }) =>
    times(inSequence([ITERATION, attempts(retry, step), state()]), count, count),
  );
  const ladder = defaultLadder(agent);
  const handedOver = ladder === undefined ? NOTHING : ofLadder(agent, ladder);
  return inSequence([
    attempts(undoRetriers([...undoable, ...lasting]), PLATFORM_FUNCTION),
    ...(undoable.length > 0 ? [container()] : []),
    ...undo,
    state(),
    handedOver,
  ]);
}

/** The steps of a document that run as functions, with how often a run can complete each. */
function completions(
  steps: readonly Step[],
  bounds: Bounds,
  count: number,
): { readonly step: WorkStep; readonly count: number }[] {
  return steps.flatMap((step) =>
    isWork(step)
      ? [{ step, count }]
      : completions(substeps(step), bounds, step.kind === "each" ? count * (bounds.get(step) ?? 0) : count),
  );
}

/** All attempts of one Task, each to the end of its time, and the delays between them. */
function attempts(retry: readonly Retrier[], { timeout, memory }: Pick<WorkStep, "timeout" | "memory">): WorstCase {
  const count = 1 + sum(retry.map(({ MaxAttempts }) => MaxAttempts));
  const seconds = secondsOf(timeout);
  const compute = (memory / 1_024) * seconds * PRICES.lambdaGigabyteSecond;
  const each = PRICES.stateTransition + PRICES.lambdaRequest + compute + 2 * PRICES.storeWrite + PRICES.storeRead;
  return {
    transitions: count,
    invocations: count,
    attempts: count,
    wallClockSeconds: count * (seconds + STATE_GRACE_SECONDS) + sum(retry.map(longestDelay)),
    historyEvents: 2 + 3 * count,
    usd: count * each,
  };
}

const state = (seconds = 0): WorstCase => ({
  ...NOTHING,
  transitions: 1,
  wallClockSeconds: seconds,
  historyEvents: 2,
  usd: PRICES.stateTransition,
});
/** A Map or a Parallel, without what is in it. */
const container = (): WorstCase => ({ ...state(), historyEvents: 4 });

type Figure = keyof WorstCase;

function combine(cases: readonly WorstCase[], how: (figure: Figure, values: number[]) => number): WorstCase {
  const of = (figure: Figure) =>
    how(
      figure,
      cases.map((one) => one[figure]),
    );
  return {
    transitions: of("transitions"),
    invocations: of("invocations"),
    attempts: of("attempts"),
    wallClockSeconds: of("wallClockSeconds"),
    historyEvents: of("historyEvents"),
    usd: of("usd"),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const most = (values: readonly number[]) => values.reduce((greatest, value) => Math.max(greatest, value), 0);

const inSequence = (cases: readonly WorstCase[]) =>
  combine(cases, (key, values) => (key === "attempts" ? most(values) : sum(values)));
const atOnce = (cases: readonly WorstCase[]) =>
  combine(cases, (key, values) => (key === "attempts" || key === "wallClockSeconds" ? most(values) : sum(values)));
const worstOf = (cases: readonly WorstCase[]) => combine(cases, (_, values) => most(values));

function times(one: WorstCase, count: number, rounds: number): WorstCase {
  return combine([one], (key, [value = 0]) =>
    key === "attempts" ? value : key === "wallClockSeconds" ? value * rounds : value * count,
  );
}
