import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { Environment } from "../../contract/index.ts";
import { acknowledgePatterns } from "../acknowledge.ts";
import { stateMachineArn } from "../names.ts";
import { DecideApi } from "./decide-api.ts";
import { createPlatformFunction, type PlatformProps } from "./platform-function.ts";
import type { RunsTable } from "./runs-table.ts";

export interface EscalationsProps extends PlatformProps {
  readonly key: IKey;
  readonly runs: RunsTable;
}

/** How people are told and answer: the topic that announces escalations, and the API that takes decisions. */
export class Escalations extends Construct {
  readonly decideApiId: string;
  readonly #topic: Topic;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: EscalationsProps) {
    super(scope, id);
    this.#key = props.key;
    this.#topic = new Topic(this, "Topic", { masterKey: props.key, enforceSSL: true });
    const decide = createPlatformFunction(this, "decide", props, {
      description: "Takes a decision and lets its run go on.",
    });
    props.runs.grantDecide(decide);
    this.grantAnswer(decide);
    const api = new DecideApi(this, "DecideApi", { decide, stage: props.stage, auth: props.decideAuth });
    this.decideApiId = api.apiId;
  }

  /** Lets a function announce escalations, and tells it the topic. */
  grantNotify(grantee: LambdaFunction): void {
    const { topicArn } = this.#topic;
    const { region } = Stack.of(this);
    grantee.addToRolePolicy(new PolicyStatement({ actions: ["sns:Publish"], resources: [topicArn] }));
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [this.#key.keyArn],
        conditions: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
      }),
    );
    grantee.addEnvironment(Environment.topic, topicArn);
  }

  /** Lets a function answer the waiting tasks of every agent: whoever may do that can decide in people's name. */
  grantAnswer(grantee: LambdaFunction): void {
    const everyAgent = stateMachineArn(this, "*");
    grantee.addToRolePolicy(new PolicyStatement({ actions: ["states:SendTaskSuccess"], resources: [everyAgent] }));
    acknowledgePatterns(grantee, [everyAgent], "Decisions are taken for all agents, those deployed later included.");
  }
}
