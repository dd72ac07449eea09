import { describe, expect, it, test } from "vitest";
import { bodyOf, callerOf, type HttpApiEvent } from "../../lib/aws/index.ts";

type Authorizer = NonNullable<HttpApiEvent["requestContext"]["authorizer"]>;
const event = (authorizer?: Authorizer, more: Partial<HttpApiEvent> = {}): HttpApiEvent => ({
  rawPath: "/escalations",
  rawQueryString: "",
  headers: {},
  isBase64Encoded: false,
  requestContext: {
    http: { method: "GET", sourceIp: "192.0.2.7" },
    ...(authorizer === undefined ? {} : { authorizer }),
  },
  ...more,
});
type Claims = NonNullable<Authorizer["jwt"]>["claims"];
const callerWith = (claims: Claims) => callerOf(event({ jwt: { claims } }));

describe("who calls", () => {
  it.each([true, "true"])("is the address of a token whose email_verified is %j", (verified) => {
    const claims = { sub: "s-1", email: "ann@example.com", email_verified: verified };
    expect(callerWith(claims)).toEqual({ id: "ann@example.com", groups: [], from: "192.0.2.7" });
  });

  it("is the subject of a token that says nothing of a verified address", () => {
    expect(callerWith({ sub: "s-1", email: "ceo@example.com" })).toMatchObject({ id: "s-1" });
  });

  it.each([
    [{ sub: "s-1", email: "ceo@example.com", email_verified: false }],
    [{ sub: "s-1", email: "ceo@example.com", email_verified: "false" }],
    [{ sub: "s-1", email_verified: true }],
    [{ sub: "s-1", token_use: "access" }],
    [{ sub: "" }],
    [{}],
  ])("is nobody, and so nobody's second self, with the claims %j", (claims: Claims) => {
    expect(callerWith(claims)).toBeUndefined();
  });

  it.each<[Claims, string[]]>([
    [{ "cognito:groups": "[ap-clerks ap-lead]" }, ["ap-clerks", "ap-lead"]],
    [{ "cognito:groups": ["ap-clerks"] }, ["ap-clerks"]],
    [{ groups: "[ap-lead]" }, ["ap-lead"]],
    [{ groups: "ap-lead" }, ["ap-lead"]],
    [{ "cognito:groups": "[a]", groups: "[b]" }, ["a"]],
    [{ groups: "[]" }, []],
    [{ groups: "" }, []],
    [{}, []],
  ])("is in the groups of %j", (claims, groups) => {
    expect(callerWith({ sub: "s-1", ...claims })?.groups).toEqual(groups);
  });

  it.each([
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ap-lead_0123456789abcdef/ann@example.com",
  ])("is the ARN of an IAM identity, in no group: %s", (userArn) => {
    expect(callerOf(event({ iam: { userArn } }))).toEqual({ id: userArn, groups: [], from: "192.0.2.7" });
  });

  it("is the role where whoever assumes it names the session", () => {
    const role = "arn:aws-cn:sts::111122223333:assumed-role/ap-lead";
    for (const session of ["ann", "bob", "a/b"]) {
      expect(callerOf(event({ iam: { userArn: `${role}/${session}` } }))?.id).toBe(role);
    }
  });

  it("is nobody where no authorizer has looked, whatever headers, query and body say", () => {
    const claims = { by: "ceo@example.com", "x-amzn-user": "ceo@example.com", authorization: "Bearer x" };
    const forged = event(undefined, { headers: claims, body: JSON.stringify(claims), rawQueryString: "by=ceo" });
    expect(callerOf(forged)).toBeUndefined();
    expect(callerOf(event({}))).toBeUndefined();
  });
});

test("a body comes as text, or encoded", () => {
  expect(bodyOf(event())).toBe("");
  expect(bodyOf(event(undefined, { body: "{}" }))).toBe("{}");
  const body = Buffer.from('{"note":"é"}').toString("base64");
  expect(bodyOf(event(undefined, { body, isBase64Encoded: true }))).toBe('{"note":"é"}');
});
