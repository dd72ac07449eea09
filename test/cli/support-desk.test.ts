import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { cli, inProject } from "./in-project.ts";

inProject();

const EVENTS = "functions/support-desk/fixtures/events";

/** Lets the request of a fixture run, with an outbox of this test. */
async function ask(name: string) {
  const outbox = join(cli.directory, "outbox");
  const base = pathToFileURL(join(EVENTS, `${name}.json`));
  const fixture = JSON.parse(await readFile(base, "utf8"));
  const absolute = (uri: string) => new URL(uri, base).href;
  const { shop, policy, ...detail } = fixture.detail;
  const own = { ...detail, shop: absolute(shop), policy: absolute(policy), outbox: pathToFileURL(outbox).href };
  const event = await cli.file(JSON.stringify({ ...fixture, detail: own }));
  const said = await cli.holdfast("run", "support-desk", "--event", event, "--json");
  const { runId, escalations } = JSON.parse(said.out);
  const show = async () => JSON.parse((await cli.holdfast("show", runId, "--json")).out);
  const sent = async () =>
    (await readdir(outbox).catch(() => [])).map((file) => file.replace(/-[0-9a-f]{32}\.json$/, ""));
  const decide = async (...decision: string[]) => {
    const [open] = (await show()).escalations;
    return cli.holdfast("decide", open.id, "--as", "lead@example.com", "--json", "--decision", ...decision);
  };
  return { code: said.code, runId, escalations, show, sent, decide };
}

describe("a request that a model works on", () => {
  it("waits with the very call that people decide about, and goes on with their approval", async () => {
    const { code, escalations, show, sent, decide } = await ask("refund");
    expect(code).toBe(3);
    expect(escalations).toMatchObject([
      { step: "resolve", audience: "support-desk", decisions: ["approve", "reject"] },
    ]);
    const { out } = await cli.holdfast("escalation", escalations[0].id);
    expect(out).toContain("**May resolve call refund with exactly this?**");
    expect(out).toContain('"amount": "39.90"');
    expect(out).toContain("- `approve`: resolve calls refund with exactly this, and goes on.");
    expect(await sent()).toEqual([]);

    const { out: decided } = await decide("approve");
    expect(JSON.parse(decided)).toMatchObject({
      status: "completed",
      output: { outcome: "refunded", orderId: "O-1001" },
    });
    expect((await sent()).sort()).toEqual(["R-1002-refund", "R-1002-reply"]);
    const { decisions } = await show();
    expect(
      decisions.filter(({ kind }: { kind: string }) => kind === "turn").map(({ chosen }: { chosen: string }) => chosen),
    ).toEqual(["call find-orders, read-policy", "call refund", "call answer"]);
  });

  it("is handed to people where they reject a call, who answer in its place", async () => {
    const { show, sent, decide } = await ask("refund");
    await decide("reject", "--note", "Seen on the photo: used for years.");
    expect((await show()).escalations).toMatchObject([{ decisions: ["retry", "override", "abort"] }]);
    const reply = "We are sorry: we cannot refund what was used.";
    const output = await cli.file(JSON.stringify({ outcome: "declined", orderId: "O-1001", reply, note: "By hand." }));
    const { out } = await decide("override", "--output", output);
    expect(JSON.parse(out)).toMatchObject({ status: "completed", output: { outcome: "declined", orderId: "O-1001" } });
    expect(await sent()).toEqual(["R-1002-reply"]);
  });

  it("asks again where a call that was rejected is tried again, and is given up without a trace", async () => {
    const { show, sent, decide } = await ask("refund");
    await decide("reject");
    await decide("retry");
    expect((await show()).escalations).toMatchObject([{ decisions: ["approve", "reject"] }]);
    await decide("reject");
    await decide("abort");
    expect(await show()).toMatchObject({ status: "abandoned", error: { class: "Holdfast.Rejected" } });
    expect(await sent()).toEqual([]);
  });

  it("says what it has cost by its turns, and whose they were", async () => {
    const { runId, show } = await ask("question");
    const { cost } = await show();
    expect(cost).toMatchObject({ actionsUsd: 0, tokens: expect.any(Number) });
    expect(cost.tokens).toBeGreaterThan(1_000);
    const { out } = await cli.holdfast("show", runId);
    expect(out).toMatch(/resolve +turn: call find-orders, read-policy \(turn 1, scripted\/scripts\/desk\.yaml\)/);
  });
});
