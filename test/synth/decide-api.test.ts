import { describe, expect, test } from "vitest";
import { DECIDE_API_OUTPUT } from "../../lib/contract/index.ts";
import { decideAuth } from "../../lib/infra/decide-auth.ts";
import { synthesise } from "./synthesise.ts";
import { resources } from "./template.ts";

const auth = { issuer: "https://login.example.com/realms/people", audience: ["holdfast", "console"] };
const [{ platform: signed }, { platform: withTokens }] = await Promise.all([
  synthesise("dev"),
  synthesise("prod", auth),
]);
const propertiesOf = (template: typeof signed, type: string) =>
  resources(template, `AWS::ApiGatewayV2::${type}`).map(({ properties }) => properties);

const ROUTES = ["GET /escalations", "GET /escalations/{id}", "POST /escalations/{id}/decision"];

describe("every route of the decide API asks who it is", () => {
  test("by IAM, where nothing else is said", () => {
    const routes = propertiesOf(signed, "Route");
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(ROUTES);
    for (const { AuthorizationType } of routes) expect(AuthorizationType).toBe("AWS_IAM");
    expect(propertiesOf(signed, "Authorizer")).toEqual([]);
  });

  test("by the tokens of the issuer that is given", () => {
    const routes = propertiesOf(withTokens, "Route");
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(ROUTES);
    const [authorizer, ...others] = resources(withTokens, "AWS::ApiGatewayV2::Authorizer");
    expect(others).toEqual([]);
    expect(authorizer?.properties).toMatchObject({
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: auth.issuer, Audience: auth.audience },
    });
    for (const { AuthorizationType, AuthorizerId } of routes) {
      expect(AuthorizationType).toBe("JWT");
      expect(AuthorizerId).toEqual({ Ref: authorizer?.id });
    }
  });
});

test("the API lets in no other origins, and few requests a second", () => {
  for (const template of [signed, withTokens]) {
    const [api, ...others] = propertiesOf(template, "Api");
    expect(others).toEqual([]);
    expect(api).toMatchObject({ ProtocolType: "HTTP" });
    expect(api.CorsConfiguration).toBeUndefined();
    expect(api.DisableExecuteApiEndpoint).toBeUndefined();
    const [stage, ...more] = propertiesOf(template, "Stage");
    expect(more).toEqual([]);
    expect(stage).toMatchObject({
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 },
    });
  }
});

test("its log says what was asked for when, by no id, query, body or token", () => {
  const [stage] = propertiesOf(withTokens, "Stage");
  expect(Object.values(JSON.parse(stage.AccessLogSettings.Format)).sort()).toEqual([
    "$context.authorizer.error",
    "$context.identity.sourceIp",
    "$context.integrationErrorMessage",
    "$context.requestId",
    "$context.requestTime",
    "$context.responseLatency",
    "$context.routeKey",
    "$context.status",
  ]);
  const [logs] = resources(withTokens, "AWS::Logs::LogGroup").filter(
    ({ id }) => id === stage.AccessLogSettings.DestinationArn["Fn::GetAtt"][0],
  );
  expect(logs).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate", properties: { RetentionInDays: 365 } });
});

test("it invokes decide and nothing else, with payloads of format 2.0, and is told by the stack", () => {
  const [integration, ...others] = propertiesOf(signed, "Integration");
  expect(others).toEqual([]);
  expect(integration).toMatchObject({ IntegrationType: "AWS_PROXY", PayloadFormatVersion: "2.0" });
  expect(JSON.stringify(integration.IntegrationUri)).toMatch(/decide/);
  const admitted = resources(signed, "AWS::Lambda::Permission")
    .filter(({ properties }) => properties.Principal === "apigateway.amazonaws.com")
    .map(({ properties }) => [JSON.stringify(properties.FunctionName), JSON.stringify(properties.SourceArn)]);
  expect(
    admitted.map(([target, source]) => [/decide/.test(target ?? ""), /"(\/[^"]+)"/.exec(source ?? "")?.[1]]),
  ).toEqual(
    ["/*/*/escalations", "/*/*/escalations/{id}", "/*/*/escalations/{id}/decision"].map((path) => [true, path]),
  );
  const [output] = Object.entries(signed.findOutputs(DECIDE_API_OUTPUT));
  expect(output?.[0]).toBe("DecideApi");
  expect(JSON.stringify(output?.[1].Value)).toMatch(/https:\/\/.*\.execute-api\./);
});

describe("whose tokens are taken", () => {
  test("is said by an issuer and its audiences, or not at all", () => {
    expect(decideAuth(undefined, undefined)).toBeUndefined();
    expect(decideAuth("https://login.example.com/x/", "a, b")).toEqual({
      issuer: "https://login.example.com/x/",
      audience: ["a", "b"],
    });
  });

  test.each([
    ["https://login.example.com", undefined],
    [undefined, "holdfast"],
    ["http://login.example.com", "holdfast"],
    ["login.example.com", "holdfast"],
    ["https://login.example.com?x=1", "holdfast"],
    ["https://me@login.example.com", "holdfast"],
    ["https://login.example.com", " , "],
    ["https://login.example.com", 7],
  ])("is not said by issuer %j and audience %j", (issuer, audience) => {
    expect(() => decideAuth(issuer, audience)).toThrow("Give both, an https URL and one audience or more");
  });
});
