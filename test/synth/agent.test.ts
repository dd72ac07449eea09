import { describe, expect, test } from "vitest";
import { compile, placeholderKeys } from "../../lib/compiler/index.ts";
import { Environment, LAMBDA_GRACE_SECONDS, type SweepEvent } from "../../lib/contract/index.ts";
import { synthesise } from "./synthesise.ts";
import { resources, statementsOf } from "./template.ts";

const { agents } = await synthesise("dev");
const agent = (name: string) => {
  const found = agents.get(name);
  if (found === undefined) throw new RangeError(`No fixture ${name}.`);
  return found;
};
const { document, template } = agent("order-desk");
const definitionOf = (from: typeof template) =>
  resources(from, "AWS::StepFunctions::StateMachine").map(({ properties }) => properties)[0];
const onBuckets = (role: RegExp) =>
  statementsOf(template, role).filter(({ actions }) => actions.some((action) => action.startsWith("s3:")));
const onDeclaredObjects = (role: RegExp) =>
  onBuckets(role).filter(({ resources }) => !/holdfast-claims/.test(resources.join()));
const rulesOf = (from: typeof template) => resources(from, "AWS::Events::Rule").map(({ properties }) => properties);
const functionOf = (id: RegExp) =>
  resources(template, "AWS::Lambda::Function").find((candidate) => id.test(candidate.id))?.properties;

describe("the state machine", () => {
  const machine = definitionOf(template);

  test("is the compiled document, as it is", () => {
    expect(JSON.parse(machine.DefinitionString)).toEqual(compile(document));
  });

  test("has every placeholder filled in, and nothing else", () => {
    expect(Object.keys(machine.DefinitionSubstitutions).sort()).toEqual(placeholderKeys(compile(document)).sort());
  });

  test("invokes versions of its functions, which stay when the next one is deployed", () => {
    const versions = resources(template, "AWS::Lambda::Version");
    for (const key of ["step_read_order", "step_reserve_stock", "step_book_order", "undo_book_order"]) {
      const version = versions.find(({ id }) => id === machine.DefinitionSubstitutions[key].Ref);
      expect(version).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    }
  });

  test("may invoke what it names and nothing else", () => {
    const invoked = statementsOf(template, /Machine/)
      .filter(({ actions }) => actions.includes("lambda:InvokeFunction"))
      .flatMap(({ resources }) => resources)
      .map((resource) => /(step|undo)\w+Function|openescalation|plancompensation|holdfast-[a-z-]+/.exec(resource)?.[0]);
    expect(invoked.sort()).toEqual([
      "holdfast-credit-check-start-run",
      "openescalation",
      "plancompensation",
      "stepbookorderFunction",
      "stepreadorderFunction",
      "stepreservestockFunction",
      "undobookorderFunction",
    ]);
  });

  test("may start the machine of a subflow and no other", () => {
    const started = statementsOf(template, /Machine/).filter(({ actions }) =>
      actions.includes("states:StartExecution"),
    );
    expect(started.flatMap(({ resources }) => resources)).toEqual([
      expect.stringContaining(":stateMachine:holdfast-credit-check"),
    ]);
  });

  test("waits for people no longer than it says", () => {
    const callbacks = [...statesIn(JSON.parse(machine.DefinitionString))].filter(({ Resource }) =>
      String(Resource).endsWith(".waitForTaskToken"),
    );
    expect(callbacks.length).toBeGreaterThan(0);
    for (const { TimeoutSeconds } of callbacks) expect(TimeoutSeconds).toBeLessThanOrEqual(86_400);
  });

  test("is traced, and logs every event without what the run works on", () => {
    expect(machine.TracingConfiguration).toEqual({ Enabled: true });
    expect(machine.LoggingConfiguration).toMatchObject({ Level: "ALL", IncludeExecutionData: false });
  });
});

describe("the function of a step", () => {
  test("has memory and time as declared, and a grace to say that the time is up", () => {
    expect(functionOf(/stepreadorder/)).toMatchObject({ MemorySize: 1024, Timeout: 20 + LAMBDA_GRACE_SECONDS });
  });

  test("has at most the time that Lambda allows", () => {
    expect(functionOf(/stepbookorder/).Timeout).toBe(900);
    expect(functionOf(/undobookorder/).Timeout).toBe(900);
  });

  test("runs on Node 24 on arm64, traced", () => {
    for (const { properties } of resources(template, "AWS::Lambda::Function")) {
      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        TracingConfig: { Mode: "Active" },
      });
    }
  });

  test("reaches the items of its own agent's runs only", () => {
    const [onTable, ...others] = statementsOf(template, /stepreservestock/).filter(({ actions }) =>
      actions.some((action) => action.startsWith("dynamodb:")),
    );
    expect(others).toEqual([]);
    expect(onTable?.condition).toEqual({
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`RUN#order-desk-${"?".repeat(32)}`] },
    });
  });

  test("reads the objects that its step needs, and lists no others", () => {
    const onObjects = onDeclaredObjects(/stepreadorder/);
    expect(onObjects).toMatchObject([
      { actions: ["s3:GetObject"], resources: [expect.stringContaining(":s3:::shop-inbox/orders/*")] },
      {
        actions: ["s3:ListBucket"],
        resources: [expect.stringMatching(/:s3:::shop-inbox"/)],
        condition: { StringLike: { "s3:prefix": "orders/*" } },
      },
    ]);
  });

  test("creates the objects that its step needs and may not read them", () => {
    for (const role of [/stepbookorder/, /undobookorder/]) {
      const onObjects = onDeclaredObjects(role);
      expect(onObjects).toMatchObject([
        { actions: ["s3:PutObject"], resources: [expect.stringContaining(":s3:::shop-ledger/bookings/*")] },
      ]);
    }
  });

  test("touches no bucket but that of its claims when its step needs none", () => {
    expect(onDeclaredObjects(/stepreservestock/)).toEqual([]);
  });

  test("reads and creates the claims of its own agent's runs only, and is told where they are", () => {
    for (const role of [/stepreservestock/, /undobookorder/]) {
      const [claims, ...others] = onBuckets(role).filter(({ resources }) => /holdfast-claims/.test(resources.join()));
      expect(others).toEqual([]);
      expect(claims).toMatchObject({
        actions: ["s3:GetObject", "s3:PutObject"],
        resources: [expect.stringMatching(/:s3:::holdfast-claims-.*"\/order-desk\/\*"/)],
      });
      const told = functionOf(role).Environment.Variables[Environment.claims];
      expect(JSON.stringify(told)).toMatch(/"s3:\/\/holdfast-claims-".*"\/"\]/);
    }
  });
});

describe("the sweep", () => {
  test("of an agent comes every quarter of an hour, and names the agent, its state machine and whom it asks", () => {
    const [sweep, ...others] = rulesOf(template).filter(({ ScheduleExpression }) => ScheduleExpression);
    expect(others).toEqual([]);
    expect(sweep).toMatchObject({ Name: "holdfast-order-desk-sweep", ScheduleExpression: "rate(15 minutes)" });
    expect(JSON.stringify(sweep.Targets[0].Arn)).toMatch(/reconcileruns/);
    const [before, alias, after] = sweep.Targets[0].Input["Fn::Join"][1];
    const { sweep: input }: SweepEvent = JSON.parse(`${before}${alias["Fn::GetAtt"][0]}${after}`);
    const [{ id } = { id: "" }] = resources(template, "AWS::StepFunctions::StateMachineAlias");
    expect(input).toEqual({ name: "order-desk", stateMachine: id, audiences: ["sales-team", "sales-lead"] });
  });

  test("needs no statement of its own in the policy of the function, which has no room for one per agent", () => {
    expect(resources(template, "AWS::Lambda::Permission")).toEqual([]);
  });
});

describe("triggers", () => {
  test("each have a rule on the platform's bus that leads to the one queue", () => {
    const rules = rulesOf(template).filter(({ EventPattern }) => EventPattern);
    expect(rules.map(({ EventPattern }) => EventPattern)).toEqual([
      { source: ["shop.orders"], "detail-type": ["OrderPlaced"] },
      { source: ["shop.orders"], "detail-type": ["OrderAmended"] },
    ]);
    const queues = new Set(
      rules.flatMap(({ Targets }) => Targets.map((target: { Arn: unknown }) => JSON.stringify(target.Arn))),
    );
    expect(queues.size).toBe(1);
    for (const { EventBusName } of rules) expect(JSON.stringify(EventBusName)).toMatch(/PlatformBus/);
  });

  test("start runs in batches, of which only what failed is tried again", () => {
    const [mapping] = resources(template, "AWS::Lambda::EventSourceMapping");
    expect(mapping?.properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test("leave a batch alone while it may still be worked on", () => {
    const startRun = functionOf(/startrun/);
    const [queue] = resources(template, "AWS::SQS::Queue").filter(({ properties }) => properties.RedrivePolicy);
    expect(queue?.properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * startRun.Timeout);
  });

  test("are not needed: an agent that only others start has no queue", () => {
    const child = agent("credit-check").template;
    expect(resources(child, "AWS::SQS::Queue")).toEqual([]);
    expect(resources(child, "AWS::Lambda::Function").map(({ properties }) => properties.FunctionName)).toContain(
      "holdfast-credit-check-start-run",
    );
  });
});

/** Every state, those of branches and items included. */
function* statesIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if ("Type" in value) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* statesIn(part);
}
