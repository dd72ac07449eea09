import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keyOf, type Placeholder } from "../compiler/index.ts";
import {
  type AgentDocument,
  agentEntry,
  allSteps,
  type LoadedAgent,
  peopleEntry,
  stepDefinition,
  type TaskStep,
  type Webhook,
} from "../definition/index.ts";
import type { Entries } from "./bundle.ts";

/** The functions of the platform, each a module of its name under `functions/platform`. */
const PLATFORM_FUNCTIONS = ["plan-compensation", "record-decisions", "decide", "reconcile-runs"] as const;
export type PlatformFunctionName = (typeof PLATFORM_FUNCTIONS)[number];

export const platformKey = (name: PlatformFunctionName) => `platform/${name}`;
/** The key of an agent's function: the agent, and the placeholder that the function takes the place of. */
export const functionKey = (agent: string, what: Placeholder) => `${agent}/${keyOf(what)}`;

/** Entry modules of the platform's functions. */
export const platformEntries = (): Entries =>
  Object.fromEntries(
    PLATFORM_FUNCTIONS.map((name) => [platformKey(name), `export { handler } from ${platformModule(name)};`]),
  );

/**
 * Entry modules of an agent's functions: the module of each step and each compensation, and the declaration for
 * start-run and open-escalation, wired to what Holdfast does around them.
 */
export function agentEntries({ document, directory }: Pick<LoadedAgent, "document" | "directory">): Entries {
  const { name } = document;
  const entries = taskSteps(document).flatMap((step) =>
    stepFunctions(step).map(({ kind, handler }) => {
      const wrapper = { step: "stepFunction", undo: "undoFunction" }[kind];
      const hasBucket = step.needs.some((need) => "bucket" in need);
      const source = [
        `import { run } from ${JSON.stringify(join(directory, handler))};`,
        `import { ${wrapper} } from ${platformModule(kind)};`,
        `export const handler = ${wrapper}(${JSON.stringify(stepDefinition(document, step))}, run, ${hasBucket});`,
      ].join("\n");
      return [functionKey(name, { kind, step: step.name }), source] as const;
    }),
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

/** The steps that run as functions, those inside others included. */
export const taskSteps = ({ steps }: AgentDocument): TaskStep[] =>
  [...allSteps(steps)].filter((step) => step.kind === "task");

/** The functions of a step: what it does, and what undoes it where that is declared. */
export function stepFunctions({ handler, compensate }: TaskStep) {
  const forward = { kind: "step", handler } as const;
  return typeof compensate === "string" ? [forward, { kind: "undo", handler: compensate } as const] : [forward];
}

/** The path of a module of the platform, as JavaScript. */
const platformModule = (name: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../functions/platform/${name}.ts`, import.meta.url)));
