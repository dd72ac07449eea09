import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DynamoRunStore, decideClient, type HttpApiEvent } from "../../lib/aws/index.ts";
import { Environment, type Json, RUN, runKey } from "../../lib/contract/index.ts";
import { serveApi } from "../../lib/local/api/index.ts";
import { escalationsOf, openEscalation, openRun } from "../../lib/runtime/index.ts";
import { commandLine } from "../cli/command-line.ts";
import { project } from "../cli/project.ts";
import { startDynalite } from "../dynalite.ts";
import { startCloudFormation } from "../fakes/cloudformation-server.ts";
import { startHttpApi } from "../fakes/http-api.ts";
import { askingEngine } from "../local/asking-engine.ts";
import { failure, gate, peopleOf, question } from "../runtime/people/questions.ts";

const { client, table, stop } = await startDynalite();
const { engine, machine, clock, chance, waiting } = askingEngine();
const machines = { all: [machine], createdAt: new Date(clock.now()) };
const stepFunctions = await serveApi({ engine, machines, clock, chance, targets: [], onDelivery: () => undefined }, 0);
const store = new DynamoRunStore(client, table);
const systemTime = { now: () => Date.now(), at: () => () => undefined };

const secretAccessKey = "may-know-this";
const arnOf = (who: string) => `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ap_0123456789abcdef/${who}`;
const signer = (who: string) => ({ secretAccessKey, userArn: arnOf(who) });
/** Loaded once the environment says where AWS is. */
const handler = async (event: HttpApiEvent) => (await import("../../functions/platform/decide.ts")).handler(event);
const signed = await startHttpApi({
  handler,
  signers: { ANN: signer("ann"), BOB: signer("bob"), ZOE: signer("zoe"), CLI: signer("cli") },
});
const cloudFormation = await startCloudFormation({ HoldfastPlatform: { DecideApi: signed.endpoint.href } });
const cli = await commandLine();
const withTokens = await startHttpApi({
  handler,
  tokens: {
    ann: { sub: "1", email: "ann@example.com", email_verified: "true", groups: "[ap-clerks ap-lead]" },
    zoe: { sub: "2", email: "zoe@example.com", email_verified: "true", groups: "[ap-lead]" },
    unverified: { sub: "2", email: "zoe@example.com", email_verified: "false", groups: "[ap-lead]" },
  },
});
const awsAs = (accessKeyId: string) =>
  new CloudFormationClient({ region: "us-east-1", credentials: { accessKeyId, secretAccessKey } });
const signedBy = (who: string) => decideClient({ endpoint: signed.endpoint, client: awsAs(who) });
const tokenOf = (token: string) => decideClient({ endpoint: withTokens.endpoint, client: awsAs("none"), token });

beforeAll(async () => {
  const { protocol, hostname, port } = (await client.config.endpoint?.()) ?? { protocol: "", hostname: "", port: 0 };
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "CLI");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDFORMATION", cloudFormation.endpoint);
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `${protocol}//${hostname}:${port}`);
  vi.stubEnv("AWS_ENDPOINT_URL_SFN", stepFunctions.endpoint);
  vi.stubEnv(Environment.table, table);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  cloudFormation.stop();
  await Promise.all([signed.stop(), withTokens.stop(), stepFunctions.close(), cli.remove()]);
  await engine.close();
  await stop();
});

const answers: string[] = [];
let runs = 0;

/** A run that waits for people: its execution in the engine, what is asked in the table. */
async function asking({ incident = failure, tier = {}, requestedBy = arnOf("zoe"), audience = "" } = {}) {
  runs += 1;
  const runId = `desk-${String(runs).padStart(32, "0")}`;
  const asked = audience === "" ? `audience ${runs}` : audience;
  await openRun({ store, clock: systemTime }, runId, { input: { requestedBy } });
  const { executionArn } = await engine.startExecution({ machine, name: runId, input: {} });
  const taskToken = await waiting.token(runId);
  const openedAt = new Date().toISOString();
  const deadline = new Date(Date.now() + 3_600_000).toISOString();
  const told: string[] = [];
  const notifier = { escalationOpened: async (notice: object) => void told.push(JSON.stringify(notice)) };
  await openEscalation(
    { store, clock: systemTime, notifier, webhook: async () => undefined, metrics: { record: () => undefined } },
    peopleOf({ audience: asked, ...tier }),
    { ask: question(incident, { runId, taskToken, openedAt, deadline, requester: requestedBy }) },
  );
  const [{ id, digest } = { id: "", digest: "" }] = await escalationsOf({ store, clock: systemTime }, runId);
  answers.push(taskToken);
  return { runId, executionArn, id, answer: { id, digest, note: "by the API" }, told };
}

const outputOf = async (executionArn: string): Promise<Json> => {
  const { output } = await engine.closed(executionArn);
  return output ?? null;
};

describe("the decide API in front of its function", () => {
  it("lets a run go on with a decision, once, as whom the signature says", async () => {
    const { answer, runId, executionArn } = await asking();
    const decided = await signedBy("ANN").decide({
      ...answer,
      decision: "retry",
      by: "ceo",
      as: "ceo",
    });
    expect(decided).toMatchObject({ status: "decided", decision: "retry", decidedBy: arnOf("ann") });
    expect(await outputOf(executionArn)).toMatchObject({ decision: "retry", by: arnOf("ann"), note: "by the API" });
    expect(await store.get({ pk: runKey(runId), sk: RUN })).toMatchObject({ status: "running" });
    const again = signedBy("BOB").decide({ ...answer, decision: "abort" });
    await expect(again).rejects.toMatchObject({ name: "Holdfast.Denied", code: "already-decided" });
  });

  it("takes two who agree for two, and one who asks twice for one", async () => {
    const { answer, executionArn } = await asking({ incident: gate, tier: { approvals: 2 } });
    const approve = (who: string) => signedBy(who).decide({ ...answer, decision: "approve" });
    expect(await approve("ANN")).toMatchObject({ status: "open", votes: [{ by: arnOf("ann") }] });
    await expect(approve("ANN")).rejects.toMatchObject({ code: "already-decided" });
    expect(await approve("BOB")).toMatchObject({ status: "decided" });
    expect(await outputOf(executionArn)).toMatchObject({ decision: "approve" });
  });

  it("refuses who asked for the run, by signature and by token", async () => {
    const bySignature = await asking({ incident: gate });
    const approve = { ...bySignature.answer, decision: "approve" };
    await expect(signedBy("ZOE").decide(approve)).rejects.toMatchObject({ code: "self-approval" });
    const byToken = await asking({ incident: gate, requestedBy: "Zoe@example.com" });
    const approveThat = { ...byToken.answer, decision: "approve" };
    await expect(tokenOf("zoe").decide(approveThat)).rejects.toMatchObject({ code: "self-approval" });
    await expect(tokenOf("unverified").decide(approveThat)).rejects.toMatchObject({ code: "no-identity" });
    await expect(tokenOf("stolen").decide(approveThat)).rejects.toMatchObject({ code: "decide-api-forbidden" });
    expect(await tokenOf("ann").decide(approveThat)).toMatchObject({ decidedBy: "ann@example.com" });
  });

  it("lets the members of a group decide, as the token says who is in it", async () => {
    const { answer } = await asking({ tier: { members: ["group:ap-clerks"] } });
    const retry = { ...answer, decision: "retry" };
    await expect(tokenOf("zoe").decide(retry)).rejects.toMatchObject({ code: "not-allowed" });
    await expect(tokenOf("zoe").read(answer.id)).rejects.toMatchObject({ code: "not-allowed" });
    const { audience } = ((await tokenOf("ann").read(answer.id)) as { escalation: { audience: string } }).escalation;
    expect([await tokenOf("zoe").list([audience]), await tokenOf("ann").list([audience])]).toMatchObject([[], [{}]]);
    await expect(signedBy("BOB").decide(retry)).rejects.toMatchObject({ code: "not-allowed" });
    expect(await tokenOf("ann").decide(retry)).toMatchObject({ status: "decided" });
  });

  it("takes an output that fits the step's schema in its place, and says what is wrong with another", async () => {
    const { answer, executionArn } = await asking();
    const override = (output: Json) => signedBy("ANN").decide({ ...answer, decision: "override", output });
    await expect(override({ verdict: 7 })).rejects.toMatchObject({
      code: "invalid-output",
      message: expect.stringContaining("verdict"),
    });
    await override({ verdict: "match" });
    expect(await outputOf(executionArn)).toMatchObject({ decision: "override", output: { verdict: "match" } });
  });

  it("answers what is broken without its details, and logs them without what it was about", async () => {
    const { answer } = await asking();
    const logged = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    const broken = vi.spyOn(DynamoRunStore.prototype, "get").mockRejectedValueOnce(new TypeError("secret detail"));
    const failing = signedBy("ANN").decide({ ...answer, decision: "retry" });
    await expect(failing).rejects.toMatchObject({
      name: "Holdfast.Transient",
      code: "internal",
      message: expect.not.stringContaining("secret detail"),
    });
    const lines = logged.mock.calls.map(([line]) => String(line));
    broken.mockRestore();
    logged.mockRestore();
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: "ERROR", message: "decide failed", error_code: "unclassified" }),
    ]);
    expect(lines.join()).not.toContain("secret detail");
  });

  it("tells nobody a task token, by notice or answer", async () => {
    const { id, told } = await asking();
    const shown = [
      ...told,
      JSON.stringify(await signedBy("ANN").read(id)),
      await (
        await fetch(new URL(`/escalations/${id}`, withTokens.endpoint), {
          headers: { authorization: "Bearer ann", accept: "text/markdown" },
        })
      ).text(),
    ];
    expect(shown.every((text) => text.includes(id))).toBe(true);
    expect(answers.length).toBeGreaterThan(0);
    for (const token of answers) for (const text of shown) expect(text).not.toContain(token);
  });
});

describe("the command line on a deployed stack", () => {
  const stack = ["--stack", "HoldfastPlatform"];
  const declare = () => {
    const { declare: add, holdfast } = project(cli);
    const escalations = { clerks: { tiers: [{ audience: "by-stack", within: "1h" }] } };
    const wait = { kind: "wait", name: "rest", for: "1s" };
    return add("desk", { escalations, steps: [wait] }).then(() => holdfast);
  };

  it("lists, shows and decides, as whom AWS knows, with the outcome of the same codes", async () => {
    const holdfast = await declare();
    const { id, executionArn } = await asking({ audience: "by-stack" });
    const listed = await holdfast("escalations", ...stack, "--json");
    expect(JSON.parse(listed.out)).toMatchObject([{ id, audience: "by-stack" }]);
    expect((await holdfast("escalation", id, ...stack)).out).toContain("no match");
    const decide = ["decide", id, "--decision", "retry", ...stack, "--json"];
    const decided = await holdfast(...decide);
    expect(decided).toMatchObject({ code: 0 });
    expect(JSON.parse(decided.out)).toMatchObject({ escalation: { id, status: "decided", decidedBy: arnOf("cli") } });
    expect(await outputOf(executionArn)).toMatchObject({ decision: "retry" });
    const again = await holdfast(...decide);
    expect({ exit: again.code, ...JSON.parse(again.out).error }).toMatchObject({ exit: 2, code: "already-decided" });
    expect(await holdfast("escalations", ...stack)).toMatchObject({ out: "Nobody is asked anything." });
  });

  it("says what is wrong with the stack", async () => {
    const holdfast = await declare();
    const said = await holdfast("escalations", "--stack", "Typo", "--json");
    expect({ exit: said.code, ...JSON.parse(said.out).error }).toMatchObject({ exit: 2, code: "stack-missing" });
  });
});
