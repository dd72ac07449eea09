import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { cli, inProject, own } from "./in-project.ts";

inProject();

const desk = (tier: object = {}, otherwise = "abort") => ({
  desk: { tiers: [{ audience: "clerks", within: "4h", ...tier }], otherwise },
});
const pay = {
  kind: "task",
  name: "pay",
  handler: "./pay.mjs",
  input: { id: { $from: "input.id" }, amount: 3 },
  output: { type: "object", properties: { paid: { type: "number" } }, required: ["paid"] },
};
const PAY = "export const run = ({ amount }) => ({ paid: amount });";

const json = (text: string) => JSON.parse(text);

describe("a gated write", () => {
  beforeEach(() =>
    own.declare("payer", { escalations: desk(), steps: [pay], requester: "requestedBy" }, { "pay.mjs": PAY }),
  );

  it("waits with its parameters, and runs with these once they are approved", async () => {
    const { code, report } = await own.run("payer", { iban: "CH93-0076" });
    expect(code).toBe(3);
    const [{ id }] = report.escalations;
    const { escalation, packet } = json((await own.holdfast("escalation", id, "--json")).out);
    expect(packet).toMatchObject({
      input: { iban: "[redacted]" },
      question: { kind: "gate", request: { id: "a", amount: 3 } },
    });
    expect(escalation.digest).toMatch(/^[0-9a-f]{64}$/);
    const decide = ["decide", id, "--decision", "approve", "--as", "ann", "--json"];
    const changed = await own.holdfast(...decide, "--seen", "0".repeat(64));
    expect({ code: changed.code, ...json(changed.out).error }).toMatchObject({ code: "changed" });
    expect(changed.code).toBe(2);
    const approved = await own.holdfast(...decide, "--seen", escalation.digest);
    expect(json(approved.out)).toMatchObject({ status: "completed", output: { paid: 3 } });
  });

  it("is shown as Markdown, and decided by whoever sits at the terminal", async () => {
    const { report } = await own.run("payer");
    const [{ id }] = report.escalations;
    const said = await cli.answered(["approve", "looks right"])("--root", own.root, "decide", id, "--as", "ann");
    expect(said.code).toBe(0);
    expect(said.out).toContain("# ");
    expect(said.out).toContain('"amount": 3');
    expect(said.out).toContain("completed");
  });

  it("cannot be decided without saying what, by nobody, nor by who asked for it", async () => {
    const { report } = await own.run("payer");
    const [{ id }] = report.escalations;
    for (const [args, expected] of [
      [["--as", "ann"], "decision-missing"],
      [["--decision", "approve"], "as-missing"],
      [["--decision", "approve", "--as", "Zoe"], "self-approval"],
      [["--decision", "approve", "--as", "ann", "--stack", "HoldfastPlatform"], "as-with-stack"],
    ] as const) {
      const said = await own.holdfast("decide", id, ...args, "--json");
      expect(said.code).toBe(2);
      expect(json(said.out).error.code).toBe(expected);
    }
    expect((await own.holdfast("show", report.runId, "--json")).code).toBe(0);
    expect(json((await own.holdfast("escalations", "--json")).out)).toMatchObject([{ id, status: "open" }]);
  });

  it("leaves its task token in the store alone", async () => {
    const { report } = await own.run("payer");
    const [{ id }] = report.escalations;
    const token = await tokenOf(id);
    const said = [
      await own.holdfast("escalations", "--json"),
      await own.holdfast("escalation", id),
      await own.holdfast("escalation", id, "--json"),
      await own.holdfast("show", report.runId, "--json"),
      await own.holdfast("decide", id, "--decision", "override", "--as", "ann", "--json"),
      await own.holdfast("decide", id, "--decision", "approve", "--as", "ann", "--json"),
      await own.holdfast("decide", id, "--decision", "approve", "--as", "ann", "--json"),
    ];
    const notices = await readFile(join(cli.dataDir, "notifications.jsonl"), "utf8");
    expect(notices).toContain(id);
    expect(JSON.stringify([said, notices])).not.toContain(token);
  });
});

/** The task token as the store keeps it. */
async function tokenOf(id: string): Promise<string> {
  const { ClassicLevel } = await import("classic-level");
  const { EmbeddedRunStore } = await import("../../lib/local/index.ts");
  const { escalationKey, peopleKey } = await import("../../lib/contract/index.ts");
  const database = new ClassicLevel<string, string>(join(cli.dataDir, "store"));
  try {
    const pk = peopleKey(id.slice(0, id.lastIndexOf("-")));
    const item = await new EmbeddedRunStore(database).get({ pk, sk: escalationKey(id) });
    const token = String(item?.taskToken);
    expect(token.length).toBeGreaterThan(20);
    return token;
  } finally {
    await database.close();
  }
}

describe("several people", () => {
  const members = ["ann", "bob", "cid"];

  it("decide alike before a run goes on", async () => {
    await own.declare("payer", { escalations: desk({ members, approvals: 2 }), steps: [pay] }, { "pay.mjs": PAY });
    const { report } = await own.run("payer");
    const decide = (by: string, ...more: string[]) =>
      own.holdfast("decide", report.runId, "--decision", "approve", "--as", by, "--json", ...more);
    const first = await decide("ann");
    expect(first.code).toBe(0);
    expect(json(first.out)).toMatchObject({ status: "waiting" });
    expect((await own.holdfast("escalations")).out).toContain("1 of 2");
    expect(json((await decide("ann")).out).error.code).toBe("already-decided");
    expect(json((await decide("dan")).out).error.code).toBe("not-allowed");
    expect(json((await decide("bob")).out)).toMatchObject({ status: "completed" });
  });

  it("see what is theirs", async () => {
    await own.declare("payer", { escalations: desk({ members }), steps: [pay] }, { "pay.mjs": PAY });
    await own.run("payer");
    const mine = async (who: string) => json((await own.holdfast("escalations", "--mine", who, "--json")).out);
    expect(await mine("ann")).toHaveLength(1);
    expect(await mine("clerks")).toHaveLength(1);
    expect(await mine("dan")).toEqual([]);
    expect((await own.holdfast("escalations", "--mine", "dan")).out).toBe("Nobody is asked anything.");
  });

  it("decide what is alike together, each as it stands", async () => {
    await own.declare(
      "payer",
      { escalations: desk({ cap: 1 }), requester: "requestedBy", steps: [pay] },
      { "pay.mjs": PAY },
    );
    for (const id of ["a", "b", "c"]) await own.run("payer", { id, requestedBy: id === "c" ? "ann" : "zoe" });
    const asked = json((await own.holdfast("escalations", "--json")).out);
    const [{ group }] = asked;
    expect(asked).toMatchObject([{ group }, { group }, { group }]);
    const shown = json((await own.holdfast("escalation", group, "--json")).out);
    expect(shown.escalations).toHaveLength(3);
    const approve = async (by: string) => {
      const { digest } = json((await own.holdfast("escalation", group, "--json")).out);
      return own.holdfast("decide", group, "--decision", "approve", "--as", by, "--seen", digest, "--json");
    };
    const unseen = await own.holdfast("decide", group, "--decision", "approve", "--as", "ann", "--json");
    expect({ exit: unseen.code, ...json(unseen.out).error }).toMatchObject({ exit: 2, code: "seen-missing" });
    await own.run("payer", { id: "d" });
    const grown = ["decide", group, "--decision", "approve", "--as", "ann", "--seen", shown.digest, "--json"];
    expect(json((await own.holdfast(...grown)).out).error.code).toBe("changed");
    const decided = await approve("ann");
    expect(decided.code).toBe(1);
    const codes = json(decided.out).decisions.map(({ code }: { code: string | null }) => code);
    expect(codes.sort()).toEqual(["self-approval", null, null, null].sort());
    expect(await approve("bob")).toMatchObject({ code: 0 });
    expect((await own.holdfast("decide", group, "--decision", "approve", "--as", "bob")).code).toBe(2);
  });
});

describe("nobody", () => {
  const after = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

  it.each([
    ["approve", { status: "completed", output: { paid: 3 } }],
    ["reject", { status: "abandoned", error: { code: "rejected" } }],
  ])("decides, and the ladder does: %s", async (otherwise, expected) => {
    await own.declare("payer", { escalations: desk({ within: "2s" }, otherwise), steps: [pay] }, { "pay.mjs": PAY });
    const { report } = await own.run("payer");
    await after(2.1);
    await own.holdfast("resume");
    expect(json((await own.holdfast("show", report.runId, "--json")).out)).toMatchObject(expected);
  });
});
