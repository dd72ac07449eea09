import { type Acknowledgment, Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Function as LambdaFunction,
  type FunctionProps as LambdaFunctionProps,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { Environment } from "../contract/index.ts";
import type { StageSettings } from "./stage.ts";

export interface FunctionProps
  extends Pick<
    LambdaFunctionProps,
    "code" | "deadLetterQueue" | "functionName" | "memorySize" | "reservedConcurrentExecutions"
  > {
  readonly stage: StageSettings;
  readonly description: string;
  readonly timeoutSeconds: number;
}

/** A Lambda function with a role and a log group of its own. The role may write logs and traces, and nothing else yet. */
export function createFunction(scope: Construct, id: string, props: FunctionProps): LambdaFunction {
  const { stage, timeoutSeconds, ...given } = props;
  const own = new Construct(scope, id);
  const role = new Role(own, "Role", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    description: props.description,
  });
  const logGroup = new LogGroup(own, "Logs", { retention: stage.logRetention, removalPolicy: stage.removalPolicy });
  logGroup.grantWrite(role);
  Validations.of(own).acknowledge(TRACING, ...(props.deadLetterQueue === undefined ? [SYNCHRONOUS] : []));
  return new LambdaFunction(own, "Function", {
    memorySize: 512,
    ...given,
    handler: "index.handler",
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(timeoutSeconds),
    role,
    logGroup,
    tracing: Tracing.ACTIVE,
    environment: { NODE_OPTIONS: "--enable-source-maps", ...deploymentOf(own) },
    // A run in flight goes on with the version that it started with, whatever is deployed meanwhile.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
}

/**
 * What `-c deployment=ID` says. Lambda publishes no version of code that its last version has already, so that after a
 * rollback the same code can be deployed again only if something else has changed.
 */
function deploymentOf(scope: Construct): Readonly<Record<string, string>> {
  const id: unknown = scope.node.tryGetContext("deployment");
  return id === undefined ? {} : { [Environment.deployment]: String(id) };
}

const TRACING: Acknowledgment = {
  id: "AwsSolutions-IAM5[Resource::*]",
  reason: "xray:PutTraceSegments and xray:PutTelemetryRecords know no resources (AWS service authorization reference).",
};

const SYNCHRONOUS: Acknowledgment = {
  id: "Serverless-LambdaDLQ",
  reason:
    "Invoked synchronously, so Lambda would never use it: what fails goes back to state machine, queue or caller.",
};
