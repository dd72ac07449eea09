import { describe, expect, it } from "vitest";
import { escalationKey, peopleKey, RUN, runKey } from "../../../lib/contract/index.ts";
import { digestOf } from "../../../lib/definition/index.ts";
import {
  askedOf,
  decide,
  escalationsOf,
  openEscalation,
  readEscalation,
  reconcileRun,
} from "../../../lib/runtime/index.ts";
import { asked, failure, gate, OPENED_AT, peopleOf, person, question, RUN_ID, silenceOf } from "./questions.ts";

describe("the end of a tier's time", () => {
  it("ends the question: who decides now is late, and nobody is asked any more", async () => {
    const { ports, people, answer } = await asked();
    const silent = { decision: "silent", tier: 1 };
    expect(await openEscalation(ports, people, silenceOf())).toEqual(silent);
    expect(await openEscalation(ports, people, silenceOf())).toEqual(silent);
    const late = decide(ports, { ...answer, decision: "retry" }, person());
    await expect(late).rejects.toMatchObject({ code: "late" });
    expect(await askedOf(ports, ["ap-clerks"])).toEqual([]);
  });

  it("finds what was decided in time, though its delivery failed", async () => {
    const { ports, people, answer } = await asked(gate);
    const dying = { ...ports.executions, answer: () => Promise.reject(new Error("died")) };
    const given = { ...answer, decision: "approve" };
    await expect(decide({ ...ports, executions: dying }, given, person())).rejects.toThrow("died");
    const told = { decision: "approve", by: "ann@example.com", request: digestOf({ amount: 3 }) };
    expect(await openEscalation(ports, people, silenceOf(gate))).toMatchObject(told);
    expect(await openEscalation(ports, people, silenceOf(gate))).toMatchObject(told);
    const [item] = await ports.store.query(peopleKey(RUN_ID), escalationKey(""));
    expect(item?.deliveredAt).toBeDefined();
  });

  it("comes before a question that was held up: that is not asked any more", async () => {
    const { ports, people } = await asked();
    await openEscalation(ports, people, silenceOf(gate));
    await openEscalation(ports, people, { ask: question(gate) });
    await openEscalation(ports, people, { ask: question(gate, { attempt: 9, taskToken: "newer" }) });
    expect(ports.notices).toHaveLength(1);
    expect(await escalationsOf(ports, RUN_ID)).toHaveLength(1);
    expect(await askedOf(ports, ["ap-clerks"])).toHaveLength(1);
  });

  it.each(["approve", "reject"] as const)(
    "decides to %s in people's place where the ladder says so",
    async (otherwise) => {
      const { ports, people } = await asked(gate, peopleOf({}, { otherwise }));
      expect(await openEscalation(ports, people, silenceOf(gate))).toEqual({
        decision: otherwise,
        by: "ladder clerks",
        at: "2026-01-01T01:00:00.000Z",
        note: "Nobody answered in time.",
        request: digestOf({ amount: 3 }),
      });
    },
  );

  it("decides nothing in people's place that they could not have decided", async () => {
    const { ports, people } = await asked(failure, peopleOf({}, { otherwise: "approve" }));
    expect(await openEscalation(ports, people, silenceOf())).toEqual({ decision: "silent", tier: 1 });
  });

  it("approves nothing of which nobody was told, in a storm", async () => {
    const { ports, people } = await asked(gate, peopleOf({ cap: 1 }, { otherwise: "approve" }));
    for (const at of ["01", "02"]) {
      const openedAt = `2026-01-01T00:${at}:00.000Z`;
      await openEscalation(ports, people, { ask: question(gate, { openedAt, taskToken: `token ${at}` }) });
    }
    const silent = (openedAt: string) =>
      openEscalation(ports, people, { silence: { ...silenceOf(gate).silence, openedAt } });
    expect(await silent("2026-01-01T00:01:00.000Z")).toMatchObject({ decision: "approve" });
    expect(await silent("2026-01-01T00:02:00.000Z")).toEqual({ decision: "silent", tier: 1 });
  });

  it("approves nothing that nobody could be asked", async () => {
    const { ports, people } = await asked(failure, peopleOf({}, { otherwise: "approve" }));
    expect(await openEscalation(ports, people, silenceOf(gate))).toEqual({ decision: "silent", tier: 1 });
  });

  it("leaves it to the next tier while there is one, whatever the ladder says for all", async () => {
    const tiers = [
      { audience: "ap-clerks", within: "1h" },
      { audience: "ap-lead", within: "1h" },
    ];
    const { ports, people } = await asked(gate, peopleOf({}, { tiers, otherwise: "approve" }));
    expect(await openEscalation(ports, people, silenceOf(gate))).toEqual({ decision: "silent", tier: 1 });
    await openEscalation(ports, people, { ask: question(gate, { tier: 2, openedAt: "2026-01-01T01:00:00.000Z" }) });
    const second = (await escalationsOf(ports, RUN_ID)).find(({ tier }) => tier === 2);
    const { packet } = await readEscalation(ports, second?.id ?? "");
    expect(packet.asked).toMatchObject([{ tier: 1, audience: "ap-clerks", status: "expired", decision: null }]);
  });

  it("is told for all tiers beforehand, in working time where that counts", async () => {
    const hours = { zone: "Europe/Zurich", from: "09:00", to: "17:00" };
    const tiers = [
      { audience: "ap-clerks", within: "4h", hours },
      { audience: "ap-lead", within: "1d" },
    ];
    const { ports, people } = await asked(gate, peopleOf({}, { tiers }));
    const from = "2026-01-02T14:00:00.000Z";
    expect(await openEscalation(ports, people, { deadlines: { ladder: "clerks", from } })).toEqual({
      deadlines: ["2026-01-05T10:00:00.000Z", "2026-01-06T10:00:00.000Z"],
    });
  });
});

describe("the end of a run", () => {
  it("leaves nothing to ask that comes late, and nothing to decide", async () => {
    const { ports, people, answer } = await asked();
    await ports.store.update({ pk: runKey(RUN_ID), sk: RUN }, { set: { open: false } }, { kind: "matches" });
    const late = decide(ports, { ...answer, decision: "retry" }, person());
    await expect(late).rejects.toMatchObject({ code: "late", message: "The run no longer waits for this." });
    await openEscalation(ports, people, { ask: question(gate) });
    expect(ports.notices).toHaveLength(1);
    expect(await askedOf(ports, ["ap-clerks"])).toEqual([]);
  });

  it("or its being given up leaves only what is asked about that", async () => {
    const { ports, answer } = await asked();
    await ports.store.update({ pk: runKey(RUN_ID), sk: RUN }, { set: { givenUpAt: OPENED_AT } }, { kind: "matches" });
    const vain = decide(ports, { ...answer, decision: "retry" }, person());
    await expect(vain).rejects.toMatchObject({ code: "late" });
  });

  it("withdraws what people are still asked", async () => {
    const { ports, answer } = await asked();
    await reconcileRun(ports, { name: RUN_ID, status: "ABORTED" });
    expect(await askedOf(ports, ["ap-clerks"])).toEqual([]);
    const late = decide(ports, { ...answer, decision: "retry" }, person());
    await expect(late).rejects.toMatchObject({ code: "late" });
    expect(await escalationsOf(ports, RUN_ID)).toMatchObject([{ status: "expired", openedAt: OPENED_AT }]);
  });
});
