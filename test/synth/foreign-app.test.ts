import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { expect, test } from "vitest";
import { Environment, startRunVariable } from "../../lib/contract/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import {
  HoldfastAgent,
  type HoldfastAgentProps,
  HoldfastPlatform,
  type PlatformProps,
  stageSettings,
} from "../../lib/infra/index.ts";
import { FIXTURES } from "./synthesise.ts";
import { resources, statementsOf } from "./template.ts";

/** An app of somebody else: the constructs in its own stack, beside a function of its own. */
async function shop() {
  const app = new App();
  const code = () => Code.fromInline("export const handler = async () => ({});");
  const stack = new Stack(app, "Shop");
  const props: PlatformProps = { stage: stageSettings("prod"), code };
  const platform = new HoldfastPlatform(stack, "Holdfast", props);
  const agents = (await loadAgents(FIXTURES)).map(({ name, document }) => {
    const agentProps: HoldfastAgentProps = { document, callers: [], platform, code };
    return new HoldfastAgent(stack, name, agentProps);
  });
  const checkout = new LambdaFunction(stack, "Checkout", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: code(),
  });
  return { stack, platform, agents, checkout };
}

const checkoutIn = (template: Template) =>
  resources(template, "AWS::Lambda::Function").find(({ id }) => /^Checkout/.test(id))?.properties;

test("a function of another's may put events, and knows where", async () => {
  const { stack, platform, checkout } = await shop();
  platform.grantPutEvents(checkout, ["shop.orders"]);
  const template = Template.fromStack(stack);
  const [bus] = resources(template, "AWS::Events::EventBus");
  expect(statementsOf(template, /^Checkout/)).toMatchObject([
    { actions: ["events:PutEvents"], resources: [JSON.stringify({ "Fn::GetAtt": [bus?.id, "Arn"] })] },
  ]);
  expect(checkoutIn(template).Environment.Variables).toEqual({ [Environment.bus]: { Ref: bus?.id } });
});

test("a function of another's may start runs of several agents, and knows by which function each", async () => {
  const { stack, agents, checkout } = await shop();
  for (const agent of agents) agent.grantStartRun(checkout);
  const template = Template.fromStack(stack);
  const functions = resources(template, "AWS::Lambda::Function").filter(({ properties }) =>
    /^holdfast-[a-z-]+-start-run$/.test(properties.FunctionName),
  );
  expect(functions).toHaveLength(agents.length);
  expect(statementsOf(template, /^Checkout/).flatMap(({ actions, resources }) => [actions, resources].flat())).toEqual(
    expect.arrayContaining(functions.map(({ id }) => JSON.stringify({ "Fn::GetAtt": [id, "Arn"] }))),
  );
  const { Variables } = checkoutIn(template).Environment;
  expect(Object.keys(Variables).sort()).toEqual(
    ["credit-check", "order-desk", "stock-report"].map(startRunVariable).sort(),
  );
  expect(startRunVariable("order-desk")).toBe("HOLDFAST_START_RUN_ORDER_DESK");
});
