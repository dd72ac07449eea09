import { MemoryLevel } from "memory-level";
import { describe, expect, it } from "vitest";
import { actionKey, escalationKey, peopleKey, runKey } from "../../../lib/contract/index.ts";
import { EmbeddedRunStore } from "../../../lib/local/index.ts";
import { askedOf, decide, escalationsOf, openEscalation, openRun, readEscalation } from "../../../lib/runtime/index.ts";
import { asked, failure, gate, peopleOf, person, question, RUN_ID, SECRET_TOKEN } from "./questions.ts";

describe("a question", () => {
  it("is kept, marks its run as waiting and tells the audience; the task token stays in the store", async () => {
    const { ports, escalation } = await asked();
    expect(escalation).toMatchObject({ status: "open", tier: 1, deadline: "2026-01-01T01:00:00.000Z" });
    expect(await ports.store.get({ pk: runKey(RUN_ID), sk: "RUN" })).toMatchObject({ status: "waiting" });
    const { id } = escalation;
    expect(ports.notices).toEqual([
      {
        id,
        agent: "desk",
        runId: RUN_ID,
        step: "match",
        audience: "ap-clerks",
        deadline: "2026-01-01T01:00:00.000Z",
      },
    ]);
    const seen = [ports.notices, escalation, await readEscalation(ports, id), await askedOf(ports, ["ap-clerks"])];
    expect(JSON.stringify(seen)).not.toContain(SECRET_TOKEN);
  });

  it("is out of reach of the run's steps, whose roles are for the run's own partition", async () => {
    const { ports } = await asked();
    expect(await ports.store.query(runKey(RUN_ID), escalationKey(""))).toEqual([]);
    expect(await ports.store.query(peopleKey(RUN_ID), escalationKey(""))).toHaveLength(1);
  });

  it("has a packet with what is asked, from which sensitive fields are left out", async () => {
    const { ports, escalation } = await asked(gate);
    const { packet } = await readEscalation(ports, escalation.id);
    expect(packet).toMatchObject({
      run: { id: RUN_ID, agent: "desk", goal: "Pays invoices." },
      input: { requestedBy: "Zoe@example.com", iban: "[redacted]" },
      question: { kind: "gate", step: "pay", request: { amount: 3 } },
    });
    expect(packet.options.map(({ decision }) => decision)).toEqual(["approve", "reject"]);
  });

  it("about a call that cannot be shown whole is not one to approve", async () => {
    const key = "turn-1.0-transfer:asked";
    const request = (iban: string) => JSON.stringify({ tool: "transfer", input: { iban } });
    const about = async (iban: string) => {
      const store = new EmbeddedRunStore(new MemoryLevel<string, string>());
      await store.put(
        { pk: runKey(RUN_ID), sk: actionKey("match", 1, key), status: "done", result: request(iban) },
        { kind: "absent" },
      );
      const call = { tool: "transfer", asked: key };
      const { ports, answer } = await asked({ ...gate, ...{ step: "match", path: "match", call } }, peopleOf(), store);
      return decide(ports, { ...answer, decision: "approve" }, person());
    };
    await expect(about("CH93 0076 2011")).rejects.toMatchObject({ code: "not-allowed" });
    await about("CH00 0000 0000");
  });

  it("asked again by a retry of its state is the same one, with the newer token and its time", async () => {
    const { ports, people, answer } = await asked();
    const deadline = "2026-01-01T01:30:00.000Z";
    await openEscalation(ports, people, {
      ask: question(failure, { attempt: 2, taskToken: "newer-token", deadline }),
    });
    expect(await escalationsOf(ports, RUN_ID)).toMatchObject([{ deadline }]);
    expect(ports.measured).toEqual([{ agent: "desk", values: { escalationsOpened: 1 } }]);
    ports.clock.advance(3_700_000);
    await decide(ports, { ...answer, decision: "retry" }, person());
    expect(ports.answers).toMatchObject([{ taskToken: "newer-token", output: { decision: "retry" } }]);
  });

  it("keeps the newer token when an earlier attempt comes late", async () => {
    const { ports, people, answer } = await asked();
    await openEscalation(ports, people, { ask: question(failure, { attempt: 3, taskToken: "newer-token" }) });
    await openEscalation(ports, people, { ask: question(failure, { attempt: 2, taskToken: "stale-token" }) });
    await openEscalation(ports, people, { ask: question() });
    await decide(ports, { ...answer, decision: "retry" }, person());
    expect(ports.answers).toMatchObject([{ taskToken: "newer-token" }]);
  });

  it("that was decided while its state was tried again is delivered to the newer token, and asked no more", async () => {
    const { ports, people, answer } = await asked();
    await decide(ports, { ...answer, decision: "retry" }, person());
    await openEscalation(ports, people, { ask: question(failure, { attempt: 2, taskToken: "newer-token" }) });
    expect(ports.notices).toHaveLength(1);
    const again = decide(ports, { ...answer, decision: "abort" }, person());
    await expect(again).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toMatchObject([
      { taskToken: SECRET_TOKEN, output: { decision: "retry" } },
      { taskToken: "newer-token", output: { decision: "retry" } },
    ]);
  });
});

describe("telling people", () => {
  const webhook = { url: "https://chat.example.com/hook", secret: "holdfast/chat" };
  const down = { escalationOpened: () => Promise.reject(new Error("topic is down")) };

  it("goes to the webhook of the tier, too", async () => {
    const { ports, escalation } = await asked(failure, peopleOf({ webhook }));
    expect(ports.posted).toMatchObject([{ url: webhook.url, notice: { id: escalation.id } }]);
  });

  it("is done when one channel could, and says with the item what another could not", async () => {
    const people = peopleOf({ webhook });
    const { ports } = await asked(failure, people);
    const other = question(gate, { openedAt: "2026-01-01T00:10:00.000Z" });
    await openEscalation({ ...ports, notifier: down }, people, { ask: other });
    const items = await ports.store.query(peopleKey(RUN_ID), escalationKey(""));
    expect(items.map(({ untold }) => untold)).toContain("topic is down");
    expect(ports.measured).toContainEqual({ agent: "desk", values: { noticesFailed: 1 } });
  });

  it("fails when no channel could, so that the state tries again", async () => {
    const { ports, people } = await asked();
    const other = { ask: question(gate) };
    await expect(openEscalation({ ...ports, notifier: down }, people, other)).rejects.toThrow("topic is down");
    await openEscalation(ports, people, other);
    expect(ports.notices).toHaveLength(2);
  });
});

describe("a storm of questions", () => {
  it("is announced one by one up to the cap, and then once an hour for all that are alike", async () => {
    const people = peopleOf({ cap: 2 });
    const { ports } = await asked(failure, people);
    const ask = async (run: number, incident = failure) => {
      const runId = `desk-${String(run).padStart(32, "0")}`;
      await openRun(ports, runId, {});
      await openEscalation(ports, people, {
        ask: question(incident, {
          runId,
          taskToken: `token ${run}`,
          deadline: "2026-01-01T05:00:00.000Z",
        }),
      });
    };
    for (let run = 2; run <= 6; run += 1) await ask(run);
    expect(ports.notices.map(({ group }) => group === undefined)).toEqual([true, true, false]);
    await ask(7, gate);
    expect(ports.notices).toHaveLength(4);
    await ask(3);
    expect(ports.notices).toHaveLength(5);
    ports.clock.advance(3_600_000);
    await ask(8);
    await ask(9);
    expect(ports.notices).toHaveLength(6);
    const groups = (await askedOf(ports, ["ap-clerks"])).map(({ group }) => group);
    expect(new Set(groups).size).toBe(2);
  });

  it("each keeps a digest of its own, so that one decision never stands for another", async () => {
    const { ports, people, answer } = await asked(gate);
    const other = { ...gate, request: { amount: 4 } };
    await openEscalation(ports, people, { ask: question(other, { openedAt: "2026-01-01T00:10:00.000Z" }) });
    const [first, second] = await escalationsOf(ports, RUN_ID);
    expect(first?.group).toBe(second?.group);
    expect(first?.digest).not.toBe(second?.digest);
    const wrong = decide(ports, { ...answer, id: second?.id ?? "", decision: "approve" }, person());
    await expect(wrong).rejects.toMatchObject({ code: "changed" });
  });
});
