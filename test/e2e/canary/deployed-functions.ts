import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SQSEvent } from "aws-lambda";
import { vi } from "vitest";
import { keyOf } from "../../../lib/compiler/index.ts";
import { Environment, type Json, stateMachineName } from "../../../lib/contract/index.ts";
import {
  agentEntry,
  allSteps,
  isWork,
  type LoadedAgent,
  modelsAsked,
  peopleEntry,
  type ReasonStep,
  sourceOf,
  stepDefinition,
} from "../../../lib/definition/index.ts";
import { serveApi } from "../../../lib/local/api/index.ts";
import { createEngine, lambdaTasks, stateMachineArnOf } from "../../../lib/local/engine/index.ts";
import { machineOf } from "../../../lib/local/machine-of.ts";
import { localName } from "../../../lib/local/step-host.ts";
import { systemChance } from "../../../lib/local/system-chance.ts";
import { systemClock } from "../../../lib/local/system-clock.ts";
import { startDynalite } from "../../dynalite.ts";
import { startHttpApi } from "../../fakes/http-api.ts";
import { startSecretsManager } from "../../fakes/secrets-manager-server.ts";
import { startSns } from "../../fakes/sns-server.ts";
import { startDaemon } from "../../fakes/x-ray-daemon.ts";

const TRACE = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1";

/**
 * An agent on the functions that are deployed for it, each with the adapters of AWS on fakes that speak their wire; only
 * Step Functions is the engine of this machine.
 *
 * @param known the secrets of Secrets Manager, by their names. @param bearer the token of who decides.
 */
export async function deployedFunctions(agent: LoadedAgent, known: Readonly<Record<string, string>>, bearer: string) {
  const { document, directory, name } = agent;
  const [dynalite, sns, secrets, daemon] = await Promise.all([
    startDynalite(),
    startSns(),
    startSecretsManager(),
    startDaemon(),
  ]);
  for (const [secret, value] of Object.entries(known)) secrets.secrets.set(secret, value);
  const clock = systemClock();
  const chance = systemChance();
  const machine = machineOf(agent);
  const functions = new Map<string, (payload: Json) => Promise<unknown>>();
  const told: Promise<unknown>[] = [];
  const reported: string[] = [];
  /** Lambda writes what a function throws to its log. */
  const report = (error: Error) => {
    reported.push(JSON.stringify({ errorType: error.name, errorMessage: error.message, stack: error.stack }));
    throw error;
  };
  const engine = createEngine({
    clock,
    chance,
    tasks: lambdaTasks((called) => async (payload) => {
      const answer = await functions
        .get(called)?.(JSON.parse(JSON.stringify(payload)))
        .catch(report);
      return JSON.parse(JSON.stringify(answer ?? null));
    }),
    onStatusChange: (change) => told.push(tell(change)),
  });
  const machines = { all: [machine], createdAt: new Date(clock.now()) };
  const stepFunctions = await serveApi(
    { engine, machines, clock, chance, targets: [], onDelivery: () => undefined },
    0,
  );

  const { protocol, hostname, port } = (await dynalite.client.config.endpoint?.()) ?? {};
  const environment = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_DYNAMODB: `${protocol}//${hostname}:${port}`,
    AWS_ENDPOINT_URL_SFN: stepFunctions.endpoint,
    AWS_ENDPOINT_URL_SNS: sns.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    _X_AMZN_TRACE_ID: TRACE,
    [Environment.table]: dynalite.table,
    [Environment.stateMachine]: stateMachineArnOf(name),
    [Environment.claims]: "s3://claims/",
    [Environment.topic]: "arn:aws:sns:us-east-1:111122223333:escalations",
  };
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);

  const at = "../../../functions/platform";
  const { stepFunction } = await import(`${at}/step.ts`);
  const { reasonFunction } = await import(`${at}/reason.ts`);
  const { openAi } = await import(`${at}/reason-models.ts`);
  const { byFunction, byHttp } = await import(`${at}/reason-tools.ts`);
  const { secrets: ownSecrets } = await import(`${at}/secrets.ts`);
  const { undoFunction } = await import(`${at}/undo.ts`);
  const { openEscalationFunction } = await import(`${at}/open-escalation.ts`);
  const { webhooks } = await import(`${at}/webhooks.ts`);
  const { startRunFunction } = await import(`${at}/start-run.ts`);
  const { handler: planCompensation } = await import(`${at}/plan-compensation.ts`);
  const { handler: reconcileRuns } = await import(`${at}/reconcile-runs.ts`);
  const { handler: recordDecisions } = await import(`${at}/record-decisions.ts`);
  const { handler: decide } = await import(`${at}/decide.ts`);

  const host = (key: string, run: (payload: never) => Promise<unknown>) =>
    functions.set(localName(name, key), (payload) => run(payload as never));
  const load = async (handler: string) => (await import(pathToFileURL(join(directory, handler)).href)).run;
  /** What an entry of a reasoning step gives it. */
  const meansOf = async (step: ReasonStep) => {
    const models = modelsAsked(step).map((id) => {
      const source = sourceOf(document.models, id);
      if (source?.kind !== "openai") throw new TypeError(`${id} is no model of an endpoint.`);
      return [id, openAi({ ...source.endpoint, model: source.model }, ownSecrets)];
    });
    const tools = step.tools.map(async (tool) => {
      const { handler, http } = document.tools[tool] ?? {};
      return [tool, handler === undefined ? byHttp(http, ownSecrets) : byFunction(await load(handler))];
    });
    return { models: Object.fromEntries(models), tools: Object.fromEntries(await Promise.all(tools)) };
  };
  for (const step of allSteps(document.steps)) {
    if (!isWork(step)) continue;
    const definition = stepDefinition(document, step);
    const stepOf = async () =>
      step.kind === "task"
        ? stepFunction(definition, await load(step.handler))
        : reasonFunction(definition, await meansOf(step));
    host(keyOf({ kind: "step", step: step.name }), await stepOf());
    if (typeof step.compensate !== "string") continue;
    host(keyOf({ kind: "undo", step: step.name }), undoFunction(definition, await load(step.compensate)));
  }
  const people = openEscalationFunction(peopleEntry(document), webhooks());
  host(keyOf({ kind: "platform", name: "open-escalation" }), people);
  host(keyOf({ kind: "platform", name: "plan-compensation" }), planCompensation);
  host(keyOf({ kind: "platform", name: "record-decisions" }), recordDecisions);
  const start = startRunFunction(agentEntry(document));
  const stateMachineArn = `arn:aws:states:us-east-1:111122223333:stateMachine:${stateMachineName(name)}`;
  const tell = (change: object) => reconcileRuns({ detail: { ...change, stateMachineArn } });
  const claims = { sub: "1", email: "ann@example.com", email_verified: "true", groups: "[clerks]" };
  const api = await startHttpApi({ handler: decide, tokens: { [bearer]: claims } });

  return {
    engine,
    dynalite,
    api: api.endpoint,
    /** An event of the agent's first trigger comes in by its queue. */
    deliver: (event: Json) =>
      start({
        Records: [{ messageId: "m-1", body: JSON.stringify(event), attributes: { SentTimestamp: "0" } }],
      } as SQSEvent),
    sweep: () => reconcileRuns({ sweep: { name, stateMachine: stateMachineArnOf(name), audiences: ["clerks"] } }),
    /** What Lambda itself wrote to the logs. */
    reported: () => reported.join("\n"),
    announced: () => sns.published.join("\n"),
    traced: async () => (await daemon.received()).map((datagram) => datagram.toString()).join("\n"),
    /** Once the execution has ended, and reconcile-runs was told. */
    async closed(executionArn: string) {
      const ended = await engine.closed(executionArn);
      await Promise.all(told);
      return ended;
    },
    async stop() {
      vi.unstubAllEnvs();
      await Promise.all([api.stop(), stepFunctions.close(), sns.stop(), secrets.stop(), daemon.stop()]);
      await engine.close();
      await dynalite.stop();
    },
  };
}
