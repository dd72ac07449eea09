import {
  type AgentDocument,
  type AgentSource,
  allSteps,
  checkAgent,
  effectOf,
  isWork,
} from "../../lib/definition/index.ts";
import { FRAME, OUTPUT, PEOPLE } from "./agent-frame.ts";
import { generateSteps } from "./agent-steps.ts";
import type { Dice } from "./dice.ts";
import type { ActionPlan, StepPlan } from "./handlers.ts";
import { type LoopPlan, loopStep, plain, TOOLS } from "./loops.ts";

/** An agent and what its handlers do. */
export interface SimulatedAgent {
  readonly document: AgentDocument;
  /** By the handler's path in the agent's folder. */
  readonly plans: ReadonlyMap<string, StepPlan>;
  /** Of its reasoning steps, by name: they stand at the top, so that it is their path. */
  readonly loops?: ReadonlyMap<string, LoopPlan>;
}

/** The agent that generated agents run as a subflow. */
const CHILD: AgentSource = {
  ...FRAME,
  name: "child",
  input: { type: "object", properties: { value: { type: "number" } }, required: ["value"] },
  requester: undefined,
  triggers: [],
  steps: [
    { kind: "task", name: "look", handler: "./look.ts", effect: "read", output: OUTPUT, onFailure: "fail" },
    {
      kind: "task",
      name: "leave",
      handler: "./leave.ts",
      input: { seen: { $from: "look.value" } },
      output: OUTPUT,
      gate: { none: "Only a simulation." },
      compensate: "./undo-leave.ts",
      onFailure: "compensate",
      timeout: "20s",
    },
  ],
};

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** @throws TypeError for a document that does not pass its check. */
export function checkedDocument(source: object): AgentDocument {
  const result = checkAgent(source);
  if (result.ok) return result.agent;
  throw new TypeError(JSON.stringify(result.problems, null, 2));
}

/** The agents of a seed, the one that events start first. */
export function generateAgents(dice: Dice, hasPlainReceivers: boolean): readonly [SimulatedAgent, ...SimulatedAgent[]] {
  const { source, loop } = generateSource(dice.fork("agent"), hasPlainReceivers);
  const loops = new Map(loop === undefined ? [] : [["settle", loop]]);
  const main = { ...withPlans(checkedDocument(source), dice, hasPlainReceivers), loops };
  const hasSubflow = [...allSteps(main.document.steps)].some(({ kind }) => kind === "subflow");
  return hasSubflow ? [main, withPlans(checkedDocument(CHILD), dice, hasPlainReceivers)] : [main];
}

/** In some seeds, what a loop does at the end of the agent. */
function generateLoop(dice: Dice, ladders: number): { readonly step: object; readonly plan: LoopPlan } | undefined {
  if (!dice.chance(0.5)) return undefined;
  const tools = ladders === 0 ? (["look", "note"] as const) : (["look", "note", "pay"] as const);
  const undo = dice.chance(0.5) ? { compensate: "./undo-settle.ts" } : {};
  const onFailure = ladders === 0 ? { onFailure: "compensate" } : {};
  const turns = Array.from({ length: dice.between(1, 4) }, () =>
    Array.from({ length: dice.between(1, 3) }, () => ({ name: dice.pick(tools), input: { n: dice.below(5) } })),
  );
  return { step: loopStep("settle", tools, { ...undo, ...onFailure }), plan: { turns } };
}

/** What loops have to write with. A gate takes people, so that without any nothing pays. */
function generateTools(dice: Dice, ladders: number, hasPlainReceivers: boolean): object {
  const { look, ...writes } = TOOLS;
  const drawn = Object.entries(writes).map(([name, tool]) => [
    name,
    hasPlainReceivers && dice.chance(0.7) ? plain(tool) : tool,
  ]);
  return { look, ...Object.fromEntries(ladders === 0 ? drawn.slice(0, 1) : drawn) };
}

function generateSource(
  dice: Dice,
  hasPlainReceivers: boolean,
): { readonly source: object; readonly loop: LoopPlan | undefined } {
  const ladders = dice.pick([0, 1, 1, 2] as const);
  const people = dice.fork("people");
  const tier = (audience: string) => ({
    audience,
    within: dice.pick(["30m", "2h", "5h"]),
    approvals: people.pick([1, 1, 1, 2]),
    ...(people.chance(0.5) ? { members: PEOPLE.slice(people.below(2)) } : {}),
    ...(people.chance(0.1) ? { hours: { zone: "Europe/Zurich", days: WEEKDAYS, from: "08:00", to: "18:00" } } : {}),
    cap: people.pick([1, 20]),
  });
  const names = ["desk", "board"].slice(0, ladders);
  const escalations = names.map((name) => [
    name,
    {
      tiers: dice.chance(0.5) ? [tier("clerks")] : [tier("clerks"), tier("heads")],
      otherwise: dice.pick(["abort", "compensate", "approve", "reject"] as const),
    },
  ]);
  const { steps, output } = generateSteps(dice, names);
  const budget = generateBudget(dice.fork("budget"));
  // What loops take of tokens is estimated, and nobody here knows by what.
  const loop = "tokens" in budget ? undefined : generateLoop(dice.fork("loop"), ladders);
  const source = {
    ...FRAME,
    name: "agent",
    escalations: Object.fromEntries(escalations),
    ...(ladders === 2 ? { defaultLadder: "desk" } : {}),
    budget,
    ...(loop === undefined ? {} : { tools: generateTools(dice.fork("tools"), ladders, hasPlainReceivers) }),
    steps: loop === undefined ? steps : [...steps, loop.step],
    ...(dice.chance(0.7) ? { output } : {}),
  };
  return { source, loop: loop?.plan };
}

const generateBudget = (dice: Dice): object => ({
  ...(dice.chance(0.1) ? { wallClock: "6h" } : {}),
  ...(dice.chance(0.4) ? { tokens: dice.pick([15, 40, 100]) } : {}),
});

/** Gives the handlers of a document something to do. */
export function withPlans(document: AgentDocument, dice: Dice, hasPlainReceivers: boolean): SimulatedAgent {
  const plans = new Map<string, StepPlan>();
  for (const step of allSteps(document.steps)) {
    if (!isWork(step)) continue;
    const own = dice.fork(`plan of ${document.name} ${step.name}`);
    const writes = effectOf(document, step) === "write";
    if (step.kind === "task") plans.set(step.handler, planOf(own, { writes, undo: false, hasPlainReceivers }));
    if (typeof step.compensate === "string") {
      plans.set(step.compensate, planOf(own, { writes, undo: true, hasPlainReceivers }));
    }
  }
  return { document, plans };
}

function planOf(
  dice: Dice,
  { writes, undo, hasPlainReceivers }: { writes: boolean; undo: boolean; hasPlainReceivers: boolean },
): StepPlan {
  const count = writes ? dice.pick([1, 1, 2, 3]) : dice.pick([0, 0, 1, 2]);
  const actions = Array.from(
    { length: count },
    (_, index): ActionPlan => ({
      key: `a${index}`,
      receiver: hasPlainReceivers && dice.chance(0.7) ? "plain" : "keyed",
      reconciles: dice.chance(0.75),
      ...(undo || dice.chance(0.5) ? {} : { tokens: dice.pick([1, 5, 20]) }),
    }),
  );
  return { writes, undo, actions, together: dice.chance(0.25) };
}
