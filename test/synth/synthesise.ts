import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code } from "aws-cdk-lib/aws-lambda";
import { type AgentDocument, callersOf, type LoadedAgent, loadAgents } from "../../lib/definition/index.ts";
import {
  type AlarmDestination,
  type DecideAuth,
  type FunctionCode,
  HoldfastAgent,
  HoldfastPlatform,
  type Rollout,
  responsibleForAll,
  stageSettings,
} from "../../lib/infra/index.ts";

export const FIXTURES = fileURLToPath(new URL("./fixtures", import.meta.url));
export const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** The feature flags of cdk.json, which only the command line reads by itself. */
export const cdkContext = (): Record<string, unknown> =>
  JSON.parse(readFileSync(`${PROJECT}/cdk.json`, "utf8")).context;

const EXAMPLES = ["invoice-desk", "support-desk"];

/** The agents that the project comes with; whoever adds others has no part in what is held against these. */
export const exampleAgents = async (): Promise<LoadedAgent[]> =>
  (await loadAgents(PROJECT)).filter(({ name }) => EXAMPLES.includes(name));

/** The same as they are deployed to prod, which takes no script for a model. */
export async function readyAgents(): Promise<LoadedAgent[]> {
  const models = { first: "eu.amazon.nova-pro-v1:0" };
  return (await exampleAgents()).map(({ document, ...agent }) => {
    const steps = document.steps.map((step) => (step.kind === "reason" ? { ...step, models } : step));
    return { ...agent, document: { ...document, steps } };
  });
}

export interface Synthesised {
  readonly platform: Template;
  readonly agents: ReadonlyMap<string, { readonly document: AgentDocument; readonly template: Template }>;
  readonly all: readonly Template[];
}

/** The code of a function that does nothing. */
export const inline = (comment: string) => Code.fromInline(`export const handler = async () => ({}); // ${comment}`);

/** The templates of the fixture agents, without code and without validation: rule-packs.test.ts sees to the whole. */
export async function synthesise(
  stage: "dev" | "prod",
  decideAuth?: DecideAuth,
  {
    code = () => inline(""),
    rollout,
    alarms,
  }: { readonly code?: FunctionCode; readonly rollout?: Rollout; readonly alarms?: AlarmDestination } = {},
): Promise<Synthesised> {
  const app = new App({ context: { ...cdkContext(), "@aws-cdk/core:validateAgainstDefaultRules": false } });
  const shared = new Stack(app, "Platform");
  const loaded = await loadAgents(FIXTURES);
  const documents = loaded.map(({ document }) => document);
  const responsible = responsibleForAll(documents);
  const settings = { stage: stageSettings(stage), code, decideAuth, alarms, responsible };
  const platform = new HoldfastPlatform(shared, "Platform", settings);
  const stacks = loaded.map(({ name, document }) => {
    const stack = new Stack(app, name);
    new HoldfastAgent(stack, "Agent", { document, callers: callersOf(document, documents), platform, code, rollout });
    return { name, document, stack };
  });
  const agents = new Map(
    stacks.map(({ name, document, stack }) => [name, { document, template: Template.fromStack(stack) }]),
  );
  const platformTemplate = Template.fromStack(shared);
  return {
    platform: platformTemplate,
    agents,
    all: [platformTemplate, ...[...agents.values()].map(({ template }) => template)],
  };
}
