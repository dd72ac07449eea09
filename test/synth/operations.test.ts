import { describe, expect, test } from "vitest";
import { METRICS, METRICS_NAMESPACE } from "../../lib/contract/index.ts";
import { ALARMS, type AlarmName, type Severity } from "../../lib/infra/index.ts";
import { synthesise } from "./synthesise.ts";
import { resources, statementsOf } from "./template.ts";

const TOPIC = "arn:aws:sns:eu-central-1:111122223333:oncall";
const byTopic = await synthesise("prod", undefined, { alarms: { kind: "topic", arn: TOPIC } });
const byEmail = await synthesise("prod", undefined, { alarms: { kind: "email", address: "oncall@example.com" } });
const toldNobody = await synthesise("dev");

type Template = typeof byTopic.platform;
const agent = (name: string, from = byTopic): Template => {
  const found = from.agents.get(name)?.template;
  if (found === undefined) throw new RangeError(`There is no agent ${name}.`);
  return found;
};
const alarmsIn = (template: Template) =>
  resources(template, "AWS::CloudWatch::Alarm").map(({ properties }) => ({
    ...properties,
    ...descriptionOf(properties.AlarmDescription),
  }));

interface Described {
  readonly meaning: string;
  readonly owner: string;
  readonly severity: Severity;
  readonly runbook: string;
  readonly name: AlarmName;
}

/** Reads the one format that every alarm describes itself in. */
function descriptionOf(text: string): Described {
  const [, meaning = "", owner = "", severity = "", runbook = "", name = ""] =
    /^(.+\.)\nOwner: (.+)\nSeverity: (page|ticket)\nRunbook: (\S+\/([a-z-]+)\.md)$/.exec(text) ?? [];
  return { meaning, owner, severity: severity as Severity, runbook, name: name as AlarmName };
}

describe("every alarm", () => {
  const every = byTopic.all.flatMap(alarmsIn);

  test("says what it means, whom it concerns, how urgent it is, and which runbook helps", () => {
    for (const { AlarmDescription, name, meaning, severity } of every) {
      expect({ name, meaning, severity }, AlarmDescription).toEqual({
        name: expect.any(String),
        meaning: ALARMS[name as AlarmName]?.meaning,
        severity: ALARMS[name as AlarmName]?.severity,
      });
      expect(AlarmDescription.length).toBeLessThanOrEqual(1_024);
    }
  });

  test("of the catalogue is there", () => {
    expect([...new Set(every.map(({ name }) => name))].sort()).toEqual(Object.keys(ALARMS).sort());
  });

  test("acts on the topic that is given, when it is raised and when it is over", () => {
    for (const { AlarmActions, OKActions } of every) {
      expect(AlarmActions).toEqual([TOPIC]);
      expect(OKActions).toEqual([TOPIC]);
    }
  });

  test("acts on the platform's topic where an address is given", () => {
    for (const { AlarmActions } of byEmail.all.flatMap(alarmsIn))
      expect(JSON.stringify(AlarmActions)).toMatch(/Alarms/);
  });

  test("is there in dev too, and tells nobody unless it is told whom", () => {
    const quiet = toldNobody.all.flatMap(alarmsIn);
    expect(quiet.length).toBeGreaterThan(0);
    for (const { AlarmActions, ActionsEnabled } of quiet) {
      expect(AlarmActions).toBeUndefined();
      expect(ActionsEnabled).toBeUndefined();
    }
  });

  test("is not raised where there is no data", () => {
    for (const { TreatMissingData } of every) expect(TreatMissingData).toBe("notBreaching");
    const added = every.flatMap(({ Metrics = [] }) =>
      Metrics.flatMap(({ Expression = "" }: { Expression?: string }) => Expression.match(/\b[a-z]\w*/g) ?? []),
    );
    const filled = every.flatMap(({ Metrics = [] }) =>
      Metrics.flatMap(({ Expression = "" }: { Expression?: string }) => Expression.match(/FILL\(\w+, 0\)/g) ?? []),
    );
    expect(filled.length).toBe(added.length);
  });

  test("has a name of its own, that of what it watches in front", () => {
    const names = every.map(({ AlarmName: name }) => JSON.stringify(name));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/"holdfast-/);
  });
});

test("an agent's alarms name its owners: business for what people decide, service for what runs; and its own runbooks", () => {
  const owners = Object.fromEntries(
    alarmsIn(agent("order-desk")).map(({ name, owner, runbook }) => [name, [owner, runbook]]),
  );
  const at = (name: string) => `https://runbooks.example.com/shop/${name}.md`;
  expect(owners["runs-failing"]).toEqual(["agents-oncall@example.com", at("runs-failing")]);
  expect(owners["escalation-unanswered"]).toEqual(["sales-lead@example.com", at("escalation-unanswered")]);
});

test("the platform's alarms name all who keep agents running, each once", () => {
  const [alarm] = alarmsIn(byTopic.platform);
  expect(alarm).toMatchObject({ owner: "agents-oncall@example.com" });
});

test("runs fail when fewer complete than the success metric asks for; 90 % where it asks for nothing", () => {
  const threshold = (name: string) => alarmsIn(agent(name)).find((alarm) => alarm.name === "runs-failing")?.Threshold;
  expect(threshold("order-desk")).toBe(98);
  expect(threshold("credit-check")).toBe(90);
});

test("an agent that no trigger starts has no alarms of a queue", () => {
  const names = alarmsIn(agent("credit-check")).map(({ name }) => name);
  expect(names).toContain("runs-failing");
  expect(names.filter((name) => name.startsWith("intake"))).toEqual([]);
});

describe("a topic of the platform's own", () => {
  test("is under the key, and CloudWatch may use both for alarms of this account", () => {
    const [statement] = resources(byEmail.platform, "AWS::SNS::TopicPolicy")
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter(({ Principal }) => Principal?.Service === "cloudwatch.amazonaws.com");
    expect(statement).toMatchObject({ Action: "sns:Publish", Condition: { StringEquals: expect.anything() } });
    expect(JSON.stringify(statement.Condition)).toMatch(/:alarm:holdfast-\*/);
    const [key] = resources(byEmail.platform, "AWS::KMS::Key");
    const ofKey = key?.properties.KeyPolicy.Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service === "cloudwatch.amazonaws.com",
    );
    expect(ofKey).toMatchObject([
      {
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Condition: statement.Condition,
      },
    ]);
  });

  test("sends to the address, and keeps what it cannot deliver", () => {
    const [subscription, ...others] = resources(byEmail.platform, "AWS::SNS::Subscription");
    expect(others).toEqual([]);
    expect(subscription?.properties).toMatchObject({
      Protocol: "email",
      Endpoint: "oncall@example.com",
      RedrivePolicy: { deadLetterTargetArn: expect.anything() },
    });
  });
});

describe("the dashboard of an agent", () => {
  const [dashboard, ...others] = resources(agent("order-desk"), "AWS::CloudWatch::Dashboard");
  const body = JSON.stringify(dashboard?.properties.DashboardBody).replaceAll('\\\\\\"', '"').replaceAll('\\"', '"');

  test("is one, named as its state machine", () => {
    expect(others).toEqual([]);
    expect(dashboard?.properties.DashboardName).toBe("holdfast-order-desk");
    expect(resources(byTopic.platform, "AWS::CloudWatch::Dashboard")).toEqual([]);
  });

  test.each([
    "Alarms",
    "Completed in a day",
    "Runs by outcome",
    "Completion rate, %",
    "Step failures by class",
    "Retries of steps",
    "Duration of attempts, ms",
    "Escalations open",
    "Age of the oldest escalation, s",
    "Budget of a run used, %",
    "Age of the oldest event in the queue, s",
    "From the event to its run, ms",
    "Dead letters",
    "Cost in a day, USD",
    "Cost of a run, USD",
  ])("shows: %s", (title) => {
    expect(body).toContain(`"title":"${title}"`);
  });

  test("shows every metric that Holdfast measures, and no other of its namespace", () => {
    const shown = new Set(
      [...body.matchAll(/"Holdfast","(\w+)"|MetricName="(\w+)"/g)].map(([, own, searched]) => own ?? searched),
    );
    expect([...shown].sort()).toEqual(
      Object.values(METRICS)
        .map(({ name }) => name)
        .sort(),
    );
    expect(METRICS_NAMESPACE).toBe("Holdfast");
  });
});

test("an agent's sweep tells whom its ladders ask, and reconcile-runs lists what is asked of them", () => {
  const [sweep] = resources(agent("order-desk"), "AWS::Events::Rule").filter(({ properties }) =>
    /-sweep$/.test(properties.Name),
  );
  expect(JSON.stringify(sweep?.properties.Targets[0].Input)).toContain(
    '\\"audiences\\":[\\"sales-team\\",\\"sales-lead\\"]',
  );
  const listed = statementsOf(byTopic.platform, /reconcileruns/).flatMap((statement) => statement.resources);
  expect(listed).toEqual(expect.arrayContaining([expect.stringMatching(/\/index\/asked"/)]));
});
