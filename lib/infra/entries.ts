import { join } from "node:path";
import { keyOf, type Placeholder } from "../compiler/index.ts";
import {
  type AgentDocument,
  agentEntry,
  allSteps,
  isWork,
  type LoadedAgent,
  peopleEntry,
  stepDefinition,
  type Webhook,
  type WorkStep,
} from "../definition/index.ts";
import type { Entries } from "./bundle.ts";
import { platformModule } from "./platform-module.ts";
import { reasonEntry } from "./reason-entry.ts";

/** The functions of the platform, each a module of its name under `functions/platform`. */
const PLATFORM_FUNCTIONS = ["plan-compensation", "record-decisions", "decide", "reconcile-runs"] as const;
export type PlatformFunctionName = (typeof PLATFORM_FUNCTIONS)[number];

export const platformKey = (name: PlatformFunctionName) => `platform/${name}`;
/** The key of an agent's function: the agent, and the placeholder that the function takes the place of. */
export const functionKey = (agent: string, what: Placeholder) => `${agent}/${keyOf(what)}`;

/** As it was loaded, as far as its functions are made of it. */
type Agent = Pick<LoadedAgent, "document" | "directory">;

/** Entry modules of the platform's functions. */
export const platformEntries = (): Entries =>
  Object.fromEntries(
    PLATFORM_FUNCTIONS.map((name) => [platformKey(name), `export { handler } from ${platformModule(name)};`]),
  );

/**
 * Entry modules of an agent's functions: the module of each step and each compensation, what its reasoning steps think and
 * act with, and the declaration for start-run and open-escalation, wired to what Holdfast does around them.
 *
 * @throws Holdfast.InvalidInput with code `mcp-server-local` for a tool that cannot be deployed, or `script-invalid`
 */
export function agentEntries(agent: Agent): Entries {
  const { document } = agent;
  const { name } = document;
  const entries = workSteps(document).flatMap((step) =>
    stepEntries(agent, step).map(([kind, source]) => [functionKey(name, { kind, step: step.name }), source] as const),
  );
  return Object.fromEntries([
    ...entries,
    [functionKey(name, { kind: "start", agent: name }), startRunEntry(document)],
    ...(asksPeople(document) ? [[functionKey(name, OPEN_ESCALATION), openEscalationEntry(document)]] : []),
  ]);
}

/** What stands for an agent's own open-escalation function. */
export const OPEN_ESCALATION = { kind: "platform", name: "open-escalation" } as const;

export const asksPeople = ({ escalations }: AgentDocument) => Object.keys(escalations).length > 0;

/** The webhooks of an agent's ladders. */
export const webhooksOf = ({ escalations }: AgentDocument): Webhook[] =>
  Object.values(escalations).flatMap(({ tiers }) => tiers.flatMap(({ webhook }) => webhook ?? []));

function startRunEntry(document: AgentDocument): string {
  const hasQueue = document.triggers.length > 0;
  const given = [JSON.stringify(agentEntry(document)), ...(hasQueue ? ["deadLetters()"] : [])];
  return [
    `import { startRunFunction } from ${platformModule("start-run")};`,
    ...(hasQueue ? [`import { deadLetters } from ${platformModule("dead-letters")};`] : []),
    `export const handler = startRunFunction(${given.join(", ")});`,
  ].join("\n");
}

function openEscalationEntry(document: AgentDocument): string {
  const hasWebhooks = webhooksOf(document).length > 0;
  const given = [JSON.stringify(peopleEntry(document)), ...(hasWebhooks ? ["webhooks()"] : [])];
  return [
    `import { openEscalationFunction } from ${platformModule("open-escalation")};`,
    ...(hasWebhooks ? [`import { webhooks } from ${platformModule("webhooks")};`] : []),
    `export const handler = openEscalationFunction(${given.join(", ")});`,
  ].join("\n");
}

function stepEntries(agent: Agent, step: WorkStep): readonly (readonly [kind: StepFunctionKind, source: string])[] {
  const { document, directory } = agent;
  const hasBucket = step.needs.some((need) => "bucket" in need);
  const wrapped = (kind: StepFunctionKind, handler: string) =>
    [
      `import { run } from ${JSON.stringify(join(directory, handler))};`,
      `import { ${kind}Function } from ${platformModule(kind)};`,
      `export const handler = ${kind}Function(${JSON.stringify(stepDefinition(document, step))}, run, ${hasBucket});`,
    ].join("\n");
  const forward = step.kind === "task" ? wrapped("step", step.handler) : reasonEntry(agent, step, hasBucket);
  const { compensate } = step;
  return [
    ["step", forward],
    ...(typeof compensate === "string" ? [["undo", wrapped("undo", compensate)] as const] : []),
  ];
}

/** The steps that run as functions, those inside others included. */
export const workSteps = ({ steps }: AgentDocument): WorkStep[] => [...allSteps(steps)].filter(isWork);

export type StepFunctionKind = "step" | "undo";

/** The functions of a step: what it does, and what undoes it where that is declared. */
export const functionsOf = ({ compensate }: WorkStep): readonly StepFunctionKind[] =>
  typeof compensate === "string" ? ["step", "undo"] : ["step"];
