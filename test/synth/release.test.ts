import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { type Rollout, rolloutOf } from "../../lib/infra/index.ts";
import { inline, synthesise } from "./synthesise.ts";
import { resources, statements } from "./template.ts";

const QUALIFIED = { "ForAnyValue:StringEquals": { "states:StateMachineQualifier": ["live"] } };

async function deployed(
  stage: "dev" | "prod",
  { changed = "", rollout }: { changed?: string; rollout?: Rollout } = {},
) {
  const code = (key: string) => inline(key === changed ? "changed" : "");
  const { platform, agents } = await synthesise(stage, undefined, { code, ...(rollout && { rollout }) });
  const templateOf = (name: string): Template => {
    const template = agents.get(name)?.template;
    if (template === undefined) throw new RangeError(`No fixture ${name}.`);
    return template;
  };
  return { platform, agent: templateOf("order-desk"), child: templateOf("credit-check") };
}

const one = (template: Template, type: string) => {
  const [found, ...others] = resources(template, type);
  if (found === undefined || others.length > 0) throw new RangeError(`${1 + others.length} of ${type}.`);
  return found;
};
const machineOf = (template: Template) => one(template, "AWS::StepFunctions::StateMachine");
const versionOf = (template: Template) => one(template, "AWS::StepFunctions::StateMachineVersion");
const aliasOf = (template: Template) => one(template, "AWS::StepFunctions::StateMachineAlias");
const substituted = (template: Template, key: string): string =>
  machineOf(template).properties.DefinitionSubstitutions[key].Ref;

const { platform, agent, child } = await deployed("dev");
const after = (await deployed("dev", { changed: "order-desk/step_read_order" })).agent;

describe("a run in flight keeps its code and its definition", () => {
  test("a step that changes gets another version, and the machine's definition names that", () => {
    const [before, now] = [substituted(agent, "step_read_order"), substituted(after, "step_read_order")];
    expect(now).not.toBe(before);
    const functionVersions = (template: Template) => resources(template, "AWS::Lambda::Version").map(({ id }) => id);
    expect(functionVersions(agent)).toContain(before);
    expect(functionVersions(after)).toContain(now);
    expect(functionVersions(after)).not.toContain(before);
  });

  test("steps that do not change keep their version", () => {
    for (const key of ["step_reserve_stock", "step_book_order", "undo_book_order", "holdfast_open_escalation"]) {
      expect(substituted(after, key), key).toBe(substituted(agent, key));
    }
  });

  test("versions of functions and of the machine stay when the next ones take over", () => {
    const versions = [...resources(agent, "AWS::Lambda::Version"), versionOf(agent)];
    expect(versions.length).toBe(6);
    for (const version of versions) {
      expect(version).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    }
  });

  test("each revision of the machine becomes a version, and the alias goes over to it", () => {
    for (const template of [agent, after]) {
      const { id: machine } = machineOf(template);
      expect(versionOf(template).properties).toEqual({
        StateMachineArn: { Ref: machine },
        StateMachineRevisionId: { "Fn::GetAtt": [machine, "StateMachineRevisionId"] },
      });
      expect(aliasOf(template).properties).toMatchObject({
        Name: "live",
        DeploymentPreference: { StateMachineVersionArn: { "Fn::GetAtt": [versionOf(template).id, "Arn"] } },
      });
    }
  });
});

describe("whoever starts runs", () => {
  const alias = { "Fn::GetAtt": [aliasOf(agent).id, "Arn"] };
  const starting = (template: Template) =>
    statements(template).filter(({ actions }) => actions.includes("states:StartExecution"));

  test("names the alias: start-run, the sweep, and a subflow's caller", () => {
    const startRun = resources(agent, "AWS::Lambda::Function").find(({ id }) => /startrun/.test(id));
    expect(startRun?.properties.Environment.Variables.HOLDFAST_STATE_MACHINE).toEqual(alias);
    const [sweep] = resources(agent, "AWS::Events::Rule").filter(({ properties }) => properties.ScheduleExpression);
    expect(sweep?.properties.Targets[0].Input["Fn::Join"][1]).toContainEqual(alias);
    const called = machineOf(agent).properties.DefinitionSubstitutions.agent_credit_check;
    expect(JSON.stringify(called)).toMatch(/:stateMachine:holdfast-credit-check:live"/);
  });

  test("may start by the alias and by nothing else", () => {
    const all = [platform, agent, child].flatMap(starting);
    expect(all.map(({ role }) => role.replace(/Role.*/, "")).sort()).toEqual([
      "AgentMachine",
      "Agentstartrun",
      "Agentstartrun",
      "PlatformReconciliationreconcileruns",
    ]);
    for (const { condition, resources } of all) {
      expect(condition).toEqual(QUALIFIED);
      expect(resources.join()).not.toMatch(/:live/);
    }
  });

  test("is told of events only once it knows them", () => {
    const startRun = resources(agent, "AWS::Lambda::Function").find(({ id }) => /startrun/.test(id));
    const rules = resources(agent, "AWS::Events::Rule").filter(({ properties }) => properties.EventPattern);
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) expect(rule).toMatchObject({ DependsOn: expect.arrayContaining([startRun?.id]) });
  });
});

describe("a new version", () => {
  const preferenceOf = (template: Template) => aliasOf(template).properties.DeploymentPreference;

  test("takes over at once in dev, watched by nothing", () => {
    expect(preferenceOf(agent)).toEqual({ StateMachineVersionArn: expect.anything(), Type: "ALL_AT_ONCE" });
    expect(failing(agent)).toEqual([]);
  });

  test("takes over a tenth of the runs in prod, and the rest half an hour later", async () => {
    const { agent: prod } = await deployed("prod");
    const [alarm] = failing(prod);
    expect(preferenceOf(prod)).toEqual({
      StateMachineVersionArn: { "Fn::GetAtt": [versionOf(prod).id, "Arn"] },
      Type: "CANARY",
      Percentage: 10,
      Interval: 30,
      Alarms: [{ Ref: alarm?.id }],
    });
  });

  test("takes over as it is told to", async () => {
    const { agent: told } = await deployed("dev", { rollout: rolloutOf("linear:20:5:0", { kind: "all-at-once" }) });
    expect(preferenceOf(told)).toMatchObject({ Type: "LINEAR", Percentage: 20, Interval: 5 });
    expect(failing(told)).toMatchObject([{ properties: { Threshold: 0 } }]);
  });

  test("is taken back when more than two of its own runs fail or time out, those of the version before it aside", async () => {
    const { agent: prod } = await deployed("prod");
    const [alarm, ...others] = failing(prod);
    expect(others).toEqual([]);
    const number = { "Fn::Select": [7, { "Fn::Split": [":", { "Fn::GetAtt": [versionOf(prod).id, "Arn"] }] }] };
    expect(alarm?.properties).toMatchObject({
      AlarmName: { "Fn::Join": ["", ["holdfast-order-desk-", number, "-version-failing"]] },
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 2,
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    });
    const [sum, ...metrics] = alarm?.properties.Metrics ?? [];
    expect(sum).toMatchObject({ Expression: "FILL(failed, 0) + FILL(timedOut, 0)" });
    expect(metrics).toMatchObject(
      ["ExecutionsFailed", "ExecutionsTimedOut"].map((MetricName) => ({
        MetricStat: {
          Metric: {
            Namespace: "AWS/States",
            MetricName,
            Dimensions: [
              { Name: "StateMachineArn", Value: { Ref: machineOf(prod).id } },
              { Name: "Version", Value: number },
            ],
          },
          Period: 300,
          Stat: "Sum",
        },
      })),
    );
  });
});

const failing = (template: Template) =>
  resources(template, "AWS::CloudWatch::Alarm").filter(({ id }) => /versionfailing/.test(id));

describe("a rollout", () => {
  const otherwise: Rollout = { kind: "all-at-once" };

  test.each([
    [undefined, otherwise],
    ["all-at-once", { kind: "all-at-once" }],
    ["canary", { kind: "canary", percentage: 10, interval: 30, tolerated: 2 }],
    ["linear:25", { kind: "linear", percentage: 25, interval: 30, tolerated: 2 }],
    ["canary:5:2100:0", { kind: "canary", percentage: 5, interval: 2100, tolerated: 0 }],
  ])("is said as %j", (text, rollout) => {
    expect(rolloutOf(text, otherwise)).toEqual(rollout);
  });

  test.each([
    "",
    "blue-green",
    "all-at-once:10",
    "canary:",
    "canary:0",
    "canary:100",
    "linear:10:0",
    "linear:10:2101",
    "linear:1.5",
    "linear:10:10:-1",
    "linear:10:10:0:0",
    7,
  ])("is not said as %j", (text) => {
    expect(() => rolloutOf(text, otherwise)).toThrow("Allowed: all-at-once, canary or linear");
  });
});
