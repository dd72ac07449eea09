import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { checkAgent } from "../../lib/definition/index.ts";
import { HoldfastAgent, HoldfastPlatform, stageSettings } from "../../lib/infra/index.ts";
import { agent, type Raw } from "../definition/documents.ts";
import { cdkContext, inline } from "./synthesise.ts";
import { statementsOf } from "./template.ts";

const env = { account: "111122223333", region: "eu-west-1" };
/** Region and account of the stacks, as ARNs have them. */
export const HERE = "eu-west-1:111122223333";

const code = () => inline("");

/** What makes stacks with an agent of these parts in one app. Make all of them before the first template is taken. */
export function agentStacks() {
  const app = new App({ context: { ...cdkContext(), "@aws-cdk/core:validateAgainstDefaultRules": false } });
  const stage = stageSettings("dev");
  const platform = new HoldfastPlatform(new Stack(app, "P", { env }), "Platform", { stage, code });
  return (parts: Raw): Stack => {
    const checked = checkAgent(agent(parts));
    if (!checked.ok) throw new TypeError(JSON.stringify(checked.problems));
    const stack = new Stack(app, `Agent${app.node.children.length}`, { env });
    new HoldfastAgent(stack, "Agent", { document: checked.agent, callers: [], platform, code });
    return stack;
  };
}

/** The text of a value, with the partition filled in. */
function printed(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) throw new TypeError(`${value} is no text.`);
  if ("Fn::Join" in value) {
    const [delimiter, parts] = value["Fn::Join"] as [string, unknown[]];
    return parts.map(printed).join(delimiter);
  }
  return "Ref" in value && value.Ref === "AWS::Partition" ? "aws" : JSON.stringify(value);
}

/** What the one role whose logical id matches holds. */
export const heldIn = (stack: Stack, role: RegExp) =>
  statementsOf(Template.fromStack(stack), role).map(({ actions, resources, condition }) => ({
    actions,
    resources: resources.map((resource) => printed(JSON.parse(resource))),
    condition,
  }));

export const allow = (action: string | string[], resource: string, condition?: object) => ({
  actions: [action].flat(),
  resources: [resource],
  condition,
});
