import { beforeEach, describe, expect, it } from "vitest";
import { agentStatus, escalationKey, peopleKey, runKey } from "../../lib/contract/index.ts";
import type { Item, RunStore } from "../../lib/ports/index.ts";

/** What every RunStore must do, whatever it is built on. */
export function runStoreConformance(name: string, open: () => Promise<RunStore>): void {
  describe(`${name} as a RunStore`, () => {
    let store: RunStore;
    let run = 0;
    let pk = "";
    beforeEach(async () => {
      store = await open();
      run += 1;
      pk = runKey(`desk-${run}-${"x".repeat(8)}`);
    });

    const step = (sk: string, more: Record<string, string | number | boolean> = {}): Item => ({
      pk,
      sk,
      status: "new",
      ...more,
    });

    it("gives back exactly what was put", async () => {
      const item = step("STEP#a#1", {
        token: 3,
        open: true,
        text: 'é "quoted" \u0000 {}',
        empty: "",
        zero: 0,
        no: false,
      });
      expect(await store.put(item)).toEqual({ applied: true });
      expect(await store.get({ pk, sk: "STEP#a#1" })).toEqual(item);
    });

    it("knows nothing of what was never put", async () => {
      expect(await store.get({ pk, sk: "STEP#none#1" })).toBeUndefined();
      expect(await store.query(pk, "STEP#")).toEqual([]);
    });

    it("puts under the condition of absence once, and answers with what is there", async () => {
      const first = step("STEP#a#1", { token: 1 });
      expect(await store.put(first, { kind: "absent" })).toEqual({ applied: true });
      expect(await store.put(step("STEP#a#1", { token: 2 }), { kind: "absent" })).toEqual({
        applied: false,
        current: first,
      });
      expect(await store.get(first)).toEqual(first);
    });

    it("lets one of many concurrent writers win", async () => {
      const writers = Array.from({ length: 20 }, (_, token) =>
        store.put(step("STEP#a#1", { token }), { kind: "absent" }),
      );
      const results = await Promise.all(writers);
      expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    });

    it("replaces the whole item when attributes match, and nothing when they do not", async () => {
      await store.put(step("STEP#a#1", { token: 1, owner: "x" }));
      const matches = { kind: "matches", attributes: { token: 1, status: "new" } } as const;
      expect(await store.put(step("STEP#a#1", { token: 2 }), matches)).toEqual({ applied: true });
      expect(await store.put(step("STEP#a#1", { token: 3 }), matches)).toEqual({
        applied: false,
        current: step("STEP#a#1", { token: 2 }),
      });
    });

    it("matches nothing where there is no item", async () => {
      const matches = { kind: "matches", attributes: { token: 1 } } as const;
      expect(await store.put(step("STEP#a#1"), matches)).toEqual({ applied: false, current: undefined });
      expect(await store.update({ pk, sk: "STEP#a#1" }, { set: { token: 2 } }, matches)).toEqual({
        applied: false,
        current: undefined,
      });
      expect(await store.get({ pk, sk: "STEP#a#1" })).toBeUndefined();
    });

    it("updates the attributes named and keeps the others", async () => {
      await store.put(step("RUN", { token: 1, keep: "me" }));
      const matches = { kind: "matches", attributes: { token: 1 } } as const;
      const change = { set: { token: 2, status: "closed" } };
      expect(await store.update({ pk, sk: "RUN" }, change, matches)).toEqual({ applied: true });
      expect(await store.get({ pk, sk: "RUN" })).toEqual(step("RUN", { token: 2, keep: "me", status: "closed" }));
    });

    it("adds to numbers, also to those that are not there, and removes attributes", async () => {
      await store.put(step("RUN", { left: 10, hold: "x" }));
      const change = { set: { status: "held" }, add: { left: -4, spent: 4 }, remove: ["hold", "never"] };
      expect(await store.update({ pk, sk: "RUN" }, change, { kind: "matches" })).toEqual({ applied: true });
      expect(await store.get({ pk, sk: "RUN" })).toEqual({ pk, sk: "RUN", status: "held", left: 6, spent: 4 });
    });

    it("updates nothing that is absent", async () => {
      const key = { pk, sk: "RUN" };
      expect(await store.update(key, { add: { left: 1 } }, { kind: "matches" })).toEqual({
        applied: false,
        current: undefined,
      });
      expect(await store.get(key)).toBeUndefined();
    });

    it("updates only where attributes are lacking and numbers are great enough", async () => {
      const item = step("RUN", { left: 10, hold: "x" });
      await store.put(item);
      const take = (lacks: string[], least: number) =>
        store.update(item, { add: { left: -least } }, { kind: "matches", lacks, atLeast: { left: least } });
      expect(await take(["hold"], 1)).toEqual({ applied: false, current: item });
      expect(await take([], 11)).toEqual({ applied: false, current: item });
      expect(await take(["other"], 10)).toEqual({ applied: true });
      expect(await take([], 1)).toMatchObject({ applied: false, current: { left: 0 } });
      const unknown = { kind: "matches", atLeast: { nothing: 0 } } as const;
      expect(await store.update(item, { add: { left: 1 } }, unknown)).toMatchObject({ applied: false });
    });

    it("lets concurrent updates take no more than there is", async () => {
      await store.put(step("RUN", { left: 7 }));
      const taking = Array.from({ length: 20 }, () =>
        store.update({ pk, sk: "RUN" }, { add: { left: -1 } }, { kind: "matches", atLeast: { left: 1 } }),
      );
      expect((await Promise.all(taking)).filter(({ applied }) => applied)).toHaveLength(7);
      expect(await store.get({ pk, sk: "RUN" })).toMatchObject({ left: 0 });
    });

    it("queries one partition by the beginning of the sort key, in order", async () => {
      for (const sk of ["STEP#b#1", "STEP#a#1", "STEP#a#1~", "ACTION#a#1#k", "RUN"]) await store.put(step(sk));
      await store.put({ ...step("STEP#a#1"), pk: `${pk}-other` });
      expect((await store.query(pk, "STEP#")).map(({ sk }) => sk)).toEqual(["STEP#a#1", "STEP#a#1~", "STEP#b#1"]);
    });

    it("queries more than a page", async () => {
      const text = "x".repeat(30_000);
      for (let i = 0; i < 50; i += 1) await store.put(step(`STEP#${String(i).padStart(2, "0")}#1`, { text }));
      expect(await store.query(pk, "STEP#")).toHaveLength(50);
      const few = await store.query(pk, "STEP#", 45);
      expect(few).toEqual((await store.query(pk, "STEP#")).slice(0, 45));
    });

    it("lists runs by agent and status, newest first, and forgets the status they had before", async () => {
      const agent = `desk-${run}`;
      const runItem = (id: string, startedAt: string): Item => ({
        pk: `RUN#${agent}-${id}`,
        sk: "RUN",
        status: "running",
        startedAt,
        agentStatus: agentStatus(agent, "running"),
      });
      await store.put(runItem("a", "2026-01-01T00:00:00.000Z"));
      await store.put(runItem("b", "2026-01-02T00:00:00.000Z"));
      await store.put(runItem("c", "2026-01-03T00:00:00.000Z"));
      const closed = { status: "completed", agentStatus: agentStatus(agent, "completed") };
      await store.update(runItem("b", ""), { set: closed }, { kind: "matches", attributes: { status: "running" } });
      const list = async (status: string, limit = 10) =>
        (await store.runs({ agent, status, limit })).map(({ pk: found }) => found.slice(-1));
      expect(await list("running")).toEqual(["c", "a"]);
      expect(await list("running", 1)).toEqual(["c"]);
      expect(await list("completed")).toEqual(["b"]);
      expect(await list("failed")).toEqual([]);
    });

    it("lists the runs that started before a time, the newest of them first", async () => {
      const agent = `desk-${run}`;
      const times = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.001Z", "2026-01-02T00:00:00.000Z"];
      for (const startedAt of times) {
        await store.put({
          ...step("RUN", { startedAt, agentStatus: agentStatus(agent, "running") }),
          pk: `${pk}-${startedAt}`,
        });
      }
      const list = async (startedBefore: string, limit = 10) =>
        (await store.runs({ agent, status: "running", startedBefore, limit })).map(({ startedAt }) => startedAt);
      expect(await list("2026-01-03T00:00:00.000Z")).toEqual(times.toReversed());
      expect(await list("2026-01-02T00:00:00.000Z")).toEqual([times[1], times[0]]);
      expect(await list("2026-01-02T00:00:00.000Z", 1)).toEqual([times[1]]);
      expect(await list("2026-01-01T00:00:00.000Z")).toEqual([]);
    });

    it("lists the runs that started after a time, and between two", async () => {
      const agent = `desk-${run}`;
      const times = [0, 1, 2, 86_400_000].map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString());
      for (const startedAt of times) {
        await store.put({
          ...step("RUN", { startedAt, agentStatus: agentStatus(agent, "running") }),
          pk: `${pk}-${startedAt}`,
        });
      }
      const list = async (within: { startedAfter?: string; startedBefore?: string }, limit = 10) =>
        (await store.runs({ agent, status: "running", ...within, limit })).map(({ startedAt }) => startedAt);
      const [first = "", second = "", third = "", last = ""] = times;
      expect(await list({ startedAfter: "2025-01-01T00:00:00.000Z" })).toEqual(times.toReversed());
      expect(await list({ startedAfter: first })).toEqual([last, third, second]);
      expect(await list({ startedAfter: first }, 1)).toEqual([last]);
      expect(await list({ startedAfter: last })).toEqual([]);
      expect(await list({ startedAfter: first, startedBefore: last })).toEqual([third, second]);
      expect(await list({ startedAfter: first, startedBefore: second })).toEqual([]);
      expect(await list({ startedAfter: second, startedBefore: first })).toEqual([]);
    });

    it("lists more runs than a page, and no more than asked for", async () => {
      const agent = `desk-${run}`;
      const text = "x".repeat(30_000);
      for (let i = 0; i < 50; i += 1) {
        await store.put({
          ...step("RUN", { text, startedAt: new Date(i).toISOString(), agentStatus: agentStatus(agent, "running") }),
          pk: `${pk}-${i}`,
        });
      }
      const list = (limit: number) => store.runs({ agent, status: "running", limit });
      expect(await list(100)).toHaveLength(50);
      expect(await list(45)).toHaveLength(45);
    });

    const HOURS = [0, 1, 2].map((hour) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString());
    const escalation = (id: string, more: Record<string, string | number> = {}): Item => ({
      pk: peopleKey(`desk-${run}`),
      sk: escalationKey(id),
      id,
      askedOf: `clerks-${run}`,
      ...more,
    });
    const asked = async (audience = `clerks-${run}`, limit = 10) =>
      (await store.asked({ audience, limit })).map(({ id }) => id);

    it("lists what an audience is asked, oldest first, also of one run at one time", async () => {
      const [first = "", second = "", third = ""] = HOURS;
      await store.put(escalation("b", { openedAt: second }));
      await store.put(escalation("c", { openedAt: third, askedOf: `leads-${run}` }));
      await store.put(escalation("a", { openedAt: first }));
      await store.put(escalation("d", { openedAt: third, pk: peopleKey(`other-${run}`) }));
      expect(await asked()).toEqual(["a", "b", "d"]);
      expect(await asked(`clerks-${run}`, 2)).toEqual(["a", "b"]);
      expect(await asked(`leads-${run}`)).toEqual(["c"]);
      expect(await asked(`clerks-${run}0`)).toEqual([]);
      await store.put(escalation("e", { openedAt: first }));
      expect((await asked()).toSorted()).toEqual(["a", "b", "d", "e"]);
    });

    it("shows of an escalation what the list needs", async () => {
      const listed = { agent: "desk", runId: `desk-${run}`, ladder: "clerks", tier: 1, audience: `clerks-${run}` };
      const more = { deadline: HOURS[1] ?? "", status: "open", cap: 20, group: "g", step: "pay", kind: "failure" };
      const people = { errorClass: "terminal", members: '["ann"]', approvals: 2, votes: "[]" };
      const item = escalation("a", { openedAt: HOURS[0] ?? "", ...listed, ...more, ...people });
      await store.put({ ...item, packet: "{}" });
      expect(await store.asked({ audience: `clerks-${run}`, limit: 1 })).toMatchObject([item]);
    });

    it("no longer lists what waits for nobody, or for somebody else", async () => {
      for (const id of ["a", "b", "c"]) await store.put(escalation(id, { openedAt: HOURS[0] ?? "" }));
      const decided = { set: { status: "decided" }, remove: ["askedOf"] };
      await store.update(escalation("a"), decided, { kind: "matches" });
      await store.update(escalation("b"), { set: { askedOf: `leads-${run}` } }, { kind: "matches" });
      expect(await asked()).toEqual(["c"]);
      expect(await asked(`leads-${run}`)).toEqual(["b"]);
      expect(await store.get(escalation("a"))).toMatchObject({ status: "decided", openedAt: HOURS[0] });
      const { askedOf: _, ...unasked } = escalation("c", { openedAt: HOURS[0] ?? "" });
      await store.put(unasked);
      expect(await asked()).toEqual([]);
    });

    it("goes on listing what a change was refused of", async () => {
      await store.put(escalation("a", { openedAt: HOURS[0] ?? "", status: "open" }));
      const closed = { kind: "matches", attributes: { status: "closed" } } as const;
      expect(await store.update(escalation("a"), { remove: ["askedOf"] }, closed)).toMatchObject({ applied: false });
      expect(await asked()).toEqual(["a"]);
    });

    it("lists nothing that stands in another partition than those of people", async () => {
      const stray = { ...escalation("stray", { openedAt: HOURS[0] ?? "" }), pk: `RUN#desk-${run}` };
      await store.put(stray);
      await store.put(escalation("asked", { openedAt: HOURS[1] ?? "" }));
      expect(await asked()).toEqual(["asked"]);
      expect(await asked(`clerks-${run}`, 1)).toEqual(["asked"]);
    });

    it("keeps runs and escalations apart, also in one item", async () => {
      const agent = `desk-${run}`;
      const running = { agentStatus: agentStatus(agent, "running"), startedAt: HOURS[0] ?? "" };
      const both = escalation("both", { ...running, openedAt: HOURS[1] ?? "" });
      await store.put(both);
      await store.put(escalation("asked", { openedAt: HOURS[0] ?? "" }));
      await store.put({ ...step("RUN", running), id: "run" });
      const runs = async () => (await store.runs({ agent, status: "running", limit: 10 })).map(({ id }) => id);
      expect((await runs()).toSorted()).toEqual(["both", "run"]);
      expect(await asked()).toEqual(["asked", "both"]);
      await store.update(both, { remove: ["askedOf"] }, { kind: "matches" });
      expect([(await runs()).toSorted(), await asked()]).toEqual([["both", "run"], ["asked"]]);
      await store.update(both, { set: { askedOf: `clerks-${run}` }, remove: ["agentStatus"] }, { kind: "matches" });
      expect([await runs(), await asked()]).toEqual([["run"], ["asked", "both"]]);
    });

    it("keeps audiences apart, whatever they are called", async () => {
      const names = ["a", "a\u0000b", 'a"', "a#b", "a b", "é@example.com"].map((name) => `${run} ${name}`);
      for (const name of names) await store.put(escalation(name, { askedOf: name, openedAt: HOURS[0] ?? "" }));
      for (const name of names) expect(await asked(name)).toEqual([name]);
    });

    it("lists more escalations than a page, and no more than asked for", async () => {
      const members = "x".repeat(30_000);
      for (let i = 0; i < 50; i += 1)
        await store.put(escalation(`${i}`, { members, openedAt: new Date(i).toISOString() }));
      const all = Array.from({ length: 50 }, (_, i) => `${i}`);
      expect(await asked(`clerks-${run}`, 100)).toEqual(all);
      expect(await asked(`clerks-${run}`, 45)).toEqual(all.slice(0, 45));
    });
  });
}
