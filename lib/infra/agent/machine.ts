import { Validations } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { compile, placeholderKeys } from "../../compiler/index.ts";
import { stateMachineName } from "../../contract/index.ts";
import type { AgentDocument } from "../../definition/index.ts";
import { acknowledgePatterns } from "../acknowledge.ts";
import type { StageSettings } from "../stage.ts";
import type { Target } from "./targets.ts";

/**
 * The state machine of an agent: the compiled document as it is, with its placeholders filled in by CloudFormation. Its
 * role may use the targets of these placeholders and nothing else.
 */
export function createMachine(
  scope: Construct,
  document: AgentDocument,
  stage: StageSettings,
  targets: ReadonlyMap<string, Target>,
): StateMachine {
  const definition = compile(document);
  const used = placeholderKeys(definition).map((key) => ({ key, target: targetOf(key, targets) }));
  const name = stateMachineName(document.name);
  const machine = new StateMachine(scope, "Machine", {
    stateMachineName: name,
    comment: document.purpose,
    definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
    definitionSubstitutions: Object.fromEntries(used.map(({ key, target }) => [key, target.arn])),
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, "Logs", {
        // Log groups of this prefix share one resource policy, of which CloudWatch allows ten.
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: stage.logRetention,
        removalPolicy: stage.removalPolicy,
      }),
      level: LogLevel.ALL,
      // What a run works on stays in the table, under the key.
      includeExecutionData: false,
    },
  });
  for (const statement of used.flatMap(({ target }) => target.statements)) {
    machine.addToRolePolicy(statement);
    acknowledgePatterns(
      machine,
      statement.resources,
      "Versions of its own functions, which runs in flight hold on to, and executions of its subflows.",
    );
  }
  Validations.of(machine).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason: "Tracing and log delivery know no resources (AWS Step Functions developer guide: X-Ray, logging).",
  });
  return machine;
}

function targetOf(key: string, targets: ReadonlyMap<string, Target>): Target {
  const target = targets.get(key);
  if (target !== undefined) return target;
  throw new RangeError(`Nothing to put in place of \${${key}}. Given: ${[...targets.keys()].join(", ")}.`);
}
