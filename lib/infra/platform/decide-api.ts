import { CfnOutput } from "aws-cdk-lib";
import { AccessLogField, AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer, HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { DECIDE_API_OUTPUT } from "../../contract/index.ts";
import type { DecideAuth } from "../decide-auth.ts";
import type { StageSettings } from "../stage.ts";

export interface DecideApiProps {
  readonly decide: LambdaFunction;
  readonly stage: StageSettings;
  /** @default IAM identities */
  readonly auth: DecideAuth | undefined;
}

const ROUTES = [
  [HttpMethod.GET, "/escalations"],
  [HttpMethod.GET, "/escalations/{id}"],
  [HttpMethod.POST, "/escalations/{id}/decision"],
] as const;

/** People decide by hand; what asks more often is no person. Requests a second of a route, for all callers together. */
const THROTTLE = { rateLimit: 10, burstLimit: 20 };

/** What is known of a request without what it is about: neither ids nor query nor body. */
const LOGGED = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    route: AccessLogField.contextRouteKey(),
    status: AccessLogField.contextStatus(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    latency: AccessLogField.contextResponseLatency(),
    authorizerError: AccessLogField.contextAuthorizerError(),
    integrationError: AccessLogField.contextIntegrationErrorMessage(),
  }),
);

/** Where people list escalations, read one, and decide. Every route asks an authorizer who they are; browsers of other origins are not let in. */
export class DecideApi extends Construct {
  readonly apiId: string;

  constructor(scope: Construct, id: string, { decide, stage, auth }: DecideApiProps) {
    super(scope, id);
    const api = new HttpApi(this, "Api", {
      apiName: "holdfast-decide",
      description: "Takes people's decisions about runs of Holdfast agents.",
      createDefaultStage: false,
      defaultAuthorizer: authorizerOf(auth),
    });
    this.apiId = api.apiId;
    const integration = new HttpLambdaIntegration("Decide", decide);
    for (const [method, path] of ROUTES) api.addRoutes({ path, methods: [method], integration });
    const logs = new LogGroup(this, "Logs", {
      // Log groups of this prefix share one resource policy, of which CloudWatch allows ten.
      logGroupName: "/aws/vendedlogs/apis/holdfast-decide",
      retention: stage.logRetention,
      removalPolicy: stage.removalPolicy,
    });
    const served = new HttpStage(this, "Stage", {
      httpApi: api,
      stageName: "$default",
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: LOGGED },
    });
    const output = new CfnOutput(this, "Url", { value: served.url, description: "The decide API." });
    output.overrideLogicalId(DECIDE_API_OUTPUT);
  }
}

const authorizerOf = (auth: DecideAuth | undefined): IHttpRouteAuthorizer =>
  auth === undefined
    ? new HttpIamAuthorizer()
    : new HttpJwtAuthorizer("Tokens", auth.issuer, { jwtAudience: [...auth.audience] });
