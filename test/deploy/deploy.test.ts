import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runIdOf } from "../../lib/runtime/identity.ts";
import { checkout } from "./checkout.ts";
import { AGENT_STACK, deployed } from "./deployed.ts";
import { openDesk } from "./desk.ts";
import { documented } from "./documented.ts";
import { endpointOf } from "./endpoint.ts";

const endpoint = await endpointOf(process.env);
const skipped = "Skipped: AWS_ENDPOINT_URL names nothing to deploy to (docs/deploy-locally.md).";
if (endpoint === undefined) console.info(skipped);
const FIXTURES = "functions/invoice-desk/fixtures";
const INVOICES = ["clean", "mismatch", "several-tax-rates", "foreign-currency"];
const RUN_TIME = { timeout: 60_000, interval: 500 };
const DEPLOYMENT = 600_000;

const figures: { what: string; figure: string }[] = [];
const told = (what: string, figure: string) => figures.push({ what, figure });
const seconds = (value: number) => `${value.toFixed(1)} s`;
const idOf = (invoiceId: string) =>
  runIdOf("invoice-desk", "erp.invoices", "InvoiceReceived", JSON.stringify(invoiceId));

describe.skipIf(endpoint === undefined)(`a deployment to ${endpoint?.url}`, () => {
  const aws = deployed();
  const adapted = endpoint?.missing !== undefined;
  let project: Awaited<ReturnType<typeof checkout>>;

  const FUNCTION_VERSION = adapted ? "AWS::Lambda::Function" : "AWS::Lambda::Version";

  const follow = async (section: string): Promise<number> => {
    let total = 0;
    for (const command of await documented(section, { adapted })) total += await project.run(command);
    return total;
  };
  const ended = async (invoiceId: string) => {
    await expect.poll(async () => (await aws.run(idOf(invoiceId)))?.open, RUN_TIME).toBe(false);
    return aws.run(idOf(invoiceId));
  };

  beforeAll(async () => {
    project = await checkout({ ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true", CI: "true" });
    told("cdk bootstrap", seconds(await project.run("npx cdk bootstrap")));
    told("synth and deploy", seconds(await follow("Deploy")));
    const orders = await readFile(`${FIXTURES}/erp/orders.csv`);
    const invoices = INVOICES.map(async (name) => [
      `invoices/${name}.xml`,
      await readFile(`${FIXTURES}/invoices/${name}.xml`),
    ]);
    await aws.fillInbox({ "erp/orders.csv": orders, ...Object.fromEntries(await Promise.all(invoices)) });
    for (const stack of ["HoldfastPlatform", AGENT_STACK]) {
      told(`resources of ${stack}`, String((await aws.resources(stack, "")).length));
    }
  }, DEPLOYMENT);
  afterAll(async () => {
    console.table(figures);
    await project?.remove();
  });

  it("runs an agent for an event, from the bus to the closed run and the payment", async () => {
    const begun = performance.now();
    await aws.put("INV-2025-0001", "clean");
    expect(await ended("INV-2025-0001")).toMatchObject({ status: "completed", agent: "invoice-desk" });
    told("event to closed run, cold", seconds((performance.now() - begun) / 1_000));
    expect(await aws.output(idOf("INV-2025-0001"))).toMatchObject({ verdict: "clean" });
    expect(await aws.payments("INV-2025-0001")).toMatchObject([{ invoiceId: "INV-2025-0001" }]);
  });

  it("runs nothing for the same event again", async () => {
    await aws.put("INV-2025-0001", "clean");
    await aws.put("INV-2025-0002", "several-tax-rates");
    const begun = performance.now();
    expect(await ended("INV-2025-0002")).toMatchObject({ status: "completed" });
    told("event to closed run, warm", seconds((performance.now() - begun) / 1_000));
    expect((await aws.executions()).sort()).toEqual([idOf("INV-2025-0001"), idOf("INV-2025-0002")].sort());
    expect((await aws.payments("INV-2025-0001")).length).toBe(1);
  });

  it(
    "lets a run that waits for people end on the code and the definition that it began with, whatever is deployed meanwhile",
    async () => {
      const [waiting, next] = ["INV-2025-0003", "INV-2025-0004"];
      await aws.put(waiting, "mismatch");
      await expect.poll(async () => (await aws.run(idOf(waiting)))?.status, RUN_TIME).toBe("waiting");

      await project.edit("functions/invoice-desk/notify.ts", " payable.`", " payable, says the second release.`");
      await project.edit(
        "functions/invoice-desk/agent.ts",
        "summary: $.notify.text",
        'summary: $.notify.text, release: "second"',
      );
      const before = await aws.resources(AGENT_STACK, FUNCTION_VERSION);
      told("synth and deploy a change", seconds(await follow("Deploy a change")));
      const now = await aws.resources(AGENT_STACK, FUNCTION_VERSION);
      told("functions that have changed", String(now.filter((version) => !before.includes(version)).length));

      const desk = await openDesk(endpoint ?? raise(), aws.cloudFormation, await aws.decideFunction());
      const [{ id } = raise()] = await desk.list("ap-clerks");
      const { digest } = await desk.read(id);
      await desk.decide({ id, decision: "approve", digest });
      expect(await ended(waiting)).toMatchObject({ status: "completed" });
      const old = await aws.output(idOf(waiting));
      expect(old).toMatchObject({ verdict: "mismatch", summary: expect.stringContaining(" payable.\n") });
      expect(old).not.toHaveProperty("release");

      await aws.put(next, "foreign-currency");
      await ended(next);
      expect(await aws.output(idOf(next))).toMatchObject({
        summary: expect.stringContaining("says the second release"),
        release: "second",
      });
    },
    DEPLOYMENT,
  );
});

function raise(): never {
  throw new RangeError("There is nothing to look at.");
}
