import { join } from "node:path";
import { Annotations, App, type AppProps, Stack, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { PLATFORM_STACK } from "../contract/index.ts";
import { callersOf, type LoadedAgent } from "../definition/index.ts";
import { HoldfastAgent } from "./agent/holdfast-agent.ts";
import { bundle, type Entries } from "./bundle.ts";
import { decideAuth } from "./decide-auth.ts";
import { agentEntries, platformEntries } from "./entries.ts";
import { agentStack } from "./names.ts";
import { alarmDestination } from "./operations/alarm-destination.ts";
import { responsibleForAll } from "./operations/responsible.ts";
import { HoldfastPlatform } from "./platform/holdfast-platform.ts";
import { missingInApp, notReady, toldInDev } from "./readiness.ts";
import { rolloutOf } from "./rollout.ts";
import { samplingRate } from "./sampling.ts";
import { stageSettings } from "./stage.ts";

/**
 * The CDK app of a project: the platform's stack and one stack per agent, held to the rule packs at synthesis.
 *
 * @throws HoldfastError, code `not-ready`, for a stage that asks for more than agents and context say; everything missing is named.
 * @throws RangeError for an unknown stage or rollout, for a sampling that is no rate, and for an authorizer of the decide API that is half said.
 */
export async function createApp(agents: readonly LoadedAgent[], props?: AppProps): Promise<App> {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const stage = stageSettings(app.node.tryGetContext("stage"));
  const rollout = rolloutOf(app.node.tryGetContext("rollout"), stage.rollout);
  const auth = decideAuth(app.node.tryGetContext("decideIssuer"), app.node.tryGetContext("decideAudience"));
  const alarms = alarmDestination(app.node.tryGetContext("alarmTopicArn"), app.node.tryGetContext("alarmEmail"));
  const documents = agents.map(({ document }) => document);
  const missing = missingInApp(documents, alarms);
  if (stage.asksReadiness && missing.length > 0) throw notReady(missing);
  const entries: Entries = Object.assign({}, platformEntries(), ...agents.map(agentEntries));
  const code = await bundle(entries, join(app.outdir, "functions"));
  const shared = new Stack(app, PLATFORM_STACK, {
    description: "What all Holdfast agents share.",
    terminationProtection: stage.protected,
  });
  const platform = new HoldfastPlatform(shared, "Platform", {
    stage,
    code,
    decideAuth: auth,
    alarms,
    responsible: responsibleForAll(documents),
    sampling: samplingRate(app.node.tryGetContext("sampling")),
  });
  if (missing.length > 0) Annotations.of(shared).addInfoV2("Holdfast:NotReady", toldInDev(missing));
  for (const { name, document } of agents) {
    const callers = callersOf(document, documents);
    const stack = new Stack(app, agentStack(name), { description: `Holdfast agent ${name}.` });
    new HoldfastAgent(stack, "Agent", { document, callers, platform, code, rollout });
  }
  return app;
}
