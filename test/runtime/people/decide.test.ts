import { describe, expect, it } from "vitest";
import { peopleKey, runKey } from "../../../lib/contract/index.ts";
import { digestOf } from "../../../lib/definition/index.ts";
import { decide } from "../../../lib/runtime/index.ts";
import { everyStore } from "../steps.ts";
import { asked, failure, gate, peopleOf, person, RUN_ID } from "./questions.ts";

describe.each(await everyStore())("a decision, on %s", (_, createStore) => {
  it("counts once", async () => {
    const { ports, answer } = await asked(failure, peopleOf(), createStore());
    expect(await decide(ports, { ...answer, decision: "retry" }, person())).toMatchObject({
      status: "decided",
      decision: "retry",
      decidedBy: "ann@example.com",
    });
    const again = decide(ports, { ...answer, decision: "abort" }, person("bob@example.com"));
    await expect(again).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toHaveLength(1);
    expect(await ports.store.get({ pk: runKey(RUN_ID), sk: "RUN" })).toMatchObject({ status: "running" });
  });
});

describe("a decision", () => {
  it("is made by one of two at the same time", async () => {
    const { ports, answer } = await asked();
    const both = await Promise.allSettled([
      decide(ports, { ...answer, decision: "retry" }, person("ann@example.com")),
      decide(ports, { ...answer, decision: "abort" }, person("bob@example.com")),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(ports.answers).toHaveLength(1);
  });

  it("that was recorded and not delivered is delivered by whoever decides next", async () => {
    const { ports, answer } = await asked();
    const dying = { ...ports.executions, answer: () => Promise.reject(new Error("died")) };
    const given = { ...answer, decision: "retry" };
    await expect(decide({ ...ports, executions: dying }, given, person())).rejects.toThrow("died");
    expect(ports.answers).toEqual([]);
    await expect(decide(ports, given, person())).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toMatchObject([{ output: { decision: "retry" } }]);
    await expect(decide(ports, given, person())).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toHaveLength(1);
  });

  it("whose own write was answered by an error is known for its own", async () => {
    const { ports, answer } = await asked();
    const { store } = ports;
    const losing = {
      ...ports,
      store: {
        get: store.get.bind(store),
        put: store.put.bind(store),
        query: store.query.bind(store),
        runs: store.runs.bind(store),
        asked: store.asked.bind(store),
        update: async (...args: Parameters<typeof store.update>) => {
          await store.update(...args);
          return store.update(...args);
        },
      },
    };
    expect(await decide(losing, { ...answer, decision: "retry" }, person())).toMatchObject({ status: "decided" });
  });

  it("approves the very request, of which the run gets the digest", async () => {
    const { ports, answer } = await asked(gate);
    await decide(ports, { ...answer, decision: "approve" }, person());
    expect(ports.answers).toMatchObject([{ output: { decision: "approve", request: digestOf({ amount: 3 }) } }]);
  });

  it("takes an override's output along if it is what the step puts out", async () => {
    const { ports, answer } = await asked();
    const given = { ...answer, decision: "override" };
    for (const output of [undefined, {}, { verdict: 7 }, "clean", { verdict: "x".repeat(200_000) }]) {
      const wrong = decide(ports, output === undefined ? given : { ...given, output }, person());
      await expect(wrong).rejects.toMatchObject({ code: "invalid-output" });
    }
    expect(ports.answers).toEqual([]);
    await decide(ports, { ...given, output: { verdict: "clean" } }, person());
    expect(ports.answers[0]?.output).toMatchObject({ decision: "override", output: { verdict: "clean" } });
  });

  it("by several must be alike, by different people, of whom one can object", async () => {
    const two = peopleOf({ approvals: 2 });
    const { ports, answer } = await asked(gate, two);
    const approve = { ...answer, decision: "approve" };
    expect(await decide(ports, approve, person("ann@example.com"))).toMatchObject({
      status: "open",
      approvals: 2,
      votes: [{ by: "ann@example.com", decision: "approve" }],
    });
    for (const same of ["ann@example.com", " ANN@example.com"]) {
      await expect(decide(ports, approve, person(same))).rejects.toMatchObject({ code: "already-decided" });
    }
    expect(ports.answers).toEqual([]);
    expect(await decide(ports, approve, person("bob@example.com"))).toMatchObject({
      status: "decided",
      decidedBy: "ann@example.com, bob@example.com",
    });
    expect(ports.answers).toHaveLength(1);

    const other = await asked(gate, two);
    await decide(other.ports, { ...other.answer, decision: "approve" }, person("ann@example.com"));
    await decide(other.ports, { ...other.answer, decision: "reject" }, person("bob@example.com"));
    expect(other.ports.answers).toMatchObject([{ output: { decision: "reject", by: "bob@example.com" } }]);
  });

  it("by several at once is made by exactly so many", async () => {
    const { ports, answer } = await asked(gate, peopleOf({ approvals: 3 }));
    const all = await Promise.allSettled(
      ["a", "b", "c", "d", "e"].map((by) => decide(ports, { ...answer, decision: "approve" }, person(by))),
    );
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(ports.answers).toHaveLength(1);
  });

  it("is for members, or for those of a group", async () => {
    const members = ["ann@example.com", "group:ap-leads"];
    const { ports, answer } = await asked(gate, peopleOf({ members }));
    const approve = { ...answer, decision: "approve" };
    for (const other of [person("bob@example.com"), person("group:ap-leads"), person("bob", ["clerks"])]) {
      await expect(decide(ports, approve, other)).rejects.toMatchObject({ code: "not-allowed" });
    }
    await decide(ports, approve, person("bob@example.com", ["ap-leads"]));
    expect(ports.answers).toHaveLength(1);
  });

  it.each([
    ["late", { decision: "retry" }, person(), 3_600_000],
    ["not-allowed", { decision: "approve" }, person(), 0],
    ["not-allowed", { decision: "raise" }, person(), 0],
    ["not-allowed", { decision: "retry", output: { verdict: "x" } }, person(), 0],
    ["self-approval", { decision: "retry" }, person("zoe@EXAMPLE.com"), 0],
    ["self-approval", { decision: "abort" }, person("zoe@example.com"), 0],
    ["changed", { decision: "retry", digest: "0".repeat(64) }, person(), 0],
    ["decision-malformed", { decision: "retry" }, person(""), 0],
    ["decision-malformed", { decision: "retry", note: "n".repeat(5_000) }, person(), 0],
    ["decision-malformed", { decision: "retry", digest: "d".repeat(500) }, person(), 0],
  ])("is refused as %s (%j), and the refusal is recorded", async (code, more, by, later) => {
    const { ports, answer } = await asked();
    ports.clock.advance(later);
    await expect(decide(ports, { ...answer, ...more }, by)).rejects.toMatchObject({ code });
    expect(ports.answers).toEqual([]);
    const place = code === "decision-malformed" ? "unknown" : RUN_ID;
    const refusals = await ports.store.query(peopleKey(place), "REFUSAL#");
    expect(refusals).toMatchObject([{ code, by: by.id, from: "192.0.2.1", escalation: answer.id }]);
  });

  it("about nothing known is refused", async () => {
    const { ports, answer } = await asked();
    for (const id of ["", `${RUN_ID}-ffffffff`, "nothing", "../../x", "a".repeat(150)]) {
      const wrong = decide(ports, { ...answer, id, decision: "retry" }, person());
      await expect(wrong).rejects.toMatchObject({ code: "unknown" });
    }
    expect(await ports.store.query(peopleKey("unknown"), "REFUSAL#")).toHaveLength(5);
  });
});
