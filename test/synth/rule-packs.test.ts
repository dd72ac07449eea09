import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CfnResource, Stack } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../lib/compiler/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import { createApp } from "../../lib/infra/index.ts";
import { cdkContext, exampleAgents, FIXTURES, readyAgents } from "./synthesise.ts";

let outdir = "";
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), "holdfast-synth-"));
});
afterAll(() => rm(outdir, { recursive: true, force: true }));

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { ruleName: string }[];
  }[];
}
const report = async (): Promise<Report> => JSON.parse(await readFile(join(outdir, "validation-report.json"), "utf8"));

const ALARMS = { alarmEmail: "oncall@example.com" };

const STAGES = {
  dev: exampleAgents,
  prod: async () => [...(await readyAgents()), ...(await loadAgents(FIXTURES))],
};
test.each(Object.entries(STAGES))(
  "every stack of stage %s passes all rules without a warning, and holds the compiled document",
  async (stage, load) => {
    const agents = await load();
    const app = await createApp(agents, { outdir, context: { ...cdkContext(), stage, ...ALARMS } });
    const assembly = app.synth();
    const stacks = assembly.stacks.map(({ stackName }) => stackName);
    expect(stacks.sort()).toEqual(["HoldfastPlatform", ...agents.map(({ name }) => `Holdfast-${name}`)].sort());
    for (const { name, document } of agents) {
      const { Resources } = assembly.getStackByName(`Holdfast-${name}`).template;
      const definitions = Object.values<{ Properties: { DefinitionString?: string } }>(Resources).flatMap(
        ({ Properties }) => Properties.DefinitionString ?? [],
      );
      expect(definitions.map((definition) => JSON.parse(definition))).toEqual([compile(document)]);
    }
    const { pluginReports } = await report();
    expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  },
);

test("a decide API that takes an issuer's tokens, as the context says, passes all rules", async () => {
  const tokens = { decideIssuer: "https://login.example.com", decideAudience: "holdfast" };
  const app = await createApp([], { outdir, context: { ...cdkContext(), ...tokens } });
  const { Resources } = app.synth().getStackByName("HoldfastPlatform").template;
  const routes = Object.values<{ Type: string; Properties: { AuthorizationType?: string } }>(Resources).filter(
    ({ Type }) => Type === "AWS::ApiGatewayV2::Route",
  );
  expect(routes.map(({ Properties }) => Properties.AuthorizationType)).toEqual(["JWT", "JWT", "JWT"]);
  const { pluginReports } = await report();
  expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
});

test("an issuer without an audience is refused", async () => {
  const context = { ...cdkContext(), decideIssuer: "https://login.example.com" };
  await expect(createApp([], { outdir, context })).rejects.toThrow("decideAudience undefined");
});

test("what breaks a rule is refused", async () => {
  const app = await createApp([], { outdir, context: cdkContext() });
  new Queue(new Stack(app, "Careless"), "Queue");
  expect(() => app.synth()).toThrow("AwsSolutions-SQS4");
  const { pluginReports } = await report();
  expect(pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName)).sort()).toEqual([
    "AwsSolutions-SQS3",
    "AwsSolutions-SQS4",
    "Serverless-SQSRedrivePolicy",
  ]);
});

test("what CloudFormation would refuse is refused", async () => {
  const app = await createApp([], { outdir, context: cdkContext() });
  new CfnResource(new Stack(app, "Wrong"), "Queue", { type: "AWS::SQS::Queue", properties: { DelaySeconds: "soon" } });
  expect(() => app.synth()).toThrow("DelaySeconds");
});
