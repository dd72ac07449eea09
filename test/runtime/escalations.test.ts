import { describe, expect, it } from "vitest";
import { runKey } from "../../lib/contract/index.ts";
import { decide, type EscalationRequest, escalationsOf, openEscalation, openRun } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";

const request: EscalationRequest = {
  taskToken: "secret-token",
  runId: "desk-1",
  agent: "desk",
  ladder: "clerks",
  tier: 1,
  audience: "ap-clerks",
  openedAt: "2026-01-01T00:00:00.000Z",
  withinSeconds: 3_600,
  attempt: 1,
  incident: {
    kind: "failure",
    step: "match",
    path: "match",
    error: "Holdfast.Permanent",
    cause: "",
    decisions: ["retry", "override", "abort"],
  },
};

async function opened() {
  const ports = testPorts();
  await openRun(ports, "desk-1", {});
  await openEscalation(ports, request);
  const [escalation] = await escalationsOf(ports, "desk-1");
  const answer = { id: escalation?.id ?? "", by: "ann@example.com", note: "" };
  return { ports, escalation, answer };
}

describe("an escalation", () => {
  it("is kept, marks its run as waiting and tells the audience; the task token stays in the store", async () => {
    const { ports, escalation } = await opened();
    expect(escalation).toMatchObject({ status: "open", tier: 1, deadline: "2026-01-01T01:00:00.000Z" });
    expect(await ports.store.get({ pk: runKey("desk-1"), sk: "RUN" })).toMatchObject({ status: "waiting" });
    expect(ports.notices).toEqual([
      {
        id: escalation?.id,
        agent: "desk",
        runId: "desk-1",
        step: "match",
        audience: "ap-clerks",
        deadline: "2026-01-01T01:00:00.000Z",
      },
    ]);
    expect(JSON.stringify([ports.notices, escalation])).not.toContain("secret-token");
  });

  it("opened again by a retry of its state is the same one, with the newer token", async () => {
    const { ports, answer } = await opened();
    await openEscalation(ports, { ...request, attempt: 2, taskToken: "newer-token" });
    expect(await escalationsOf(ports, "desk-1")).toHaveLength(1);
    await decide(ports, { ...answer, decision: "retry" });
    expect(ports.answers).toEqual([
      {
        taskToken: "newer-token",
        output: { decision: "retry", by: "ann@example.com", at: expect.any(String), note: "" },
      },
    ]);
  });

  it("keeps the newer token when an earlier attempt comes late", async () => {
    const { ports, answer } = await opened();
    await openEscalation(ports, { ...request, attempt: 3, taskToken: "newer-token" });
    await openEscalation(ports, { ...request, attempt: 2, taskToken: "stale-token" });
    await openEscalation(ports, request);
    await decide(ports, { ...answer, decision: "retry" });
    expect(ports.answers).toMatchObject([{ taskToken: "newer-token" }]);
  });

  it("that was decided while its state was tried again is delivered to the newer token, and asked no more", async () => {
    const { ports, answer } = await opened();
    await decide(ports, { ...answer, decision: "retry" });
    await openEscalation(ports, { ...request, attempt: 2, taskToken: "newer-token" });
    expect(ports.notices).toHaveLength(1);
    const again = decide(ports, { ...answer, decision: "abort" });
    await expect(again).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toMatchObject([
      { taskToken: "secret-token", output: { decision: "retry" } },
      { taskToken: "newer-token", output: { decision: "retry" } },
    ]);
  });

  it("whose decision was recorded and not delivered is delivered by whoever decides next", async () => {
    const { ports, answer } = await opened();
    const dying = { ...ports.executions, answer: () => Promise.reject(new Error("died")) };
    await expect(decide({ ...ports, executions: dying }, { ...answer, decision: "retry" })).rejects.toThrow("died");
    expect(ports.answers).toEqual([]);
    await expect(decide(ports, { ...answer, decision: "retry" })).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toMatchObject([{ output: { decision: "retry" } }]);
    await expect(decide(ports, { ...answer, decision: "retry" })).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toHaveLength(1);
  });

  it("is decided once", async () => {
    const { ports, answer } = await opened();
    expect(await decide(ports, { ...answer, decision: "retry" })).toMatchObject({
      status: "decided",
      decision: "retry",
      decidedBy: "ann@example.com",
    });
    await expect(decide(ports, { ...answer, decision: "abort" })).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toHaveLength(1);
    expect(await ports.store.get({ pk: runKey("desk-1"), sk: "RUN" })).toMatchObject({ status: "running" });
  });

  it("is decided by one of two at the same time", async () => {
    const { ports, answer } = await opened();
    const both = await Promise.allSettled([
      decide(ports, { ...answer, decision: "retry" }),
      decide(ports, { ...answer, decision: "abort" }),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(ports.answers).toHaveLength(1);
  });

  it("takes an override's output along", async () => {
    const { ports, answer } = await opened();
    await decide(ports, { ...answer, decision: "override", output: { verdict: "clean" } });
    expect(ports.answers[0]?.output).toMatchObject({ decision: "override", output: { verdict: "clean" } });
  });

  it.each([
    ["late", "retry", 3_600_000],
    ["not-allowed", "approve", 0],
    ["not-allowed", "override", 0],
  ])("refuses what is %s (%s)", async (code, decision, later) => {
    const { ports, answer } = await opened();
    ports.clock.advance(later);
    await expect(decide(ports, { ...answer, decision })).rejects.toMatchObject({ code });
    expect(ports.answers).toEqual([]);
  });

  it.each([
    ["nobody", { by: "" }],
    ["an endless id", { id: "a".repeat(10_000) }],
    ["an endless note", { note: "n".repeat(5_000) }],
  ])("refuses a decision with %s", async (_, more) => {
    const { ports, answer } = await opened();
    await expect(decide(ports, { ...answer, decision: "retry", ...more })).rejects.toMatchObject({
      code: "decision-malformed",
    });
    expect(ports.answers).toEqual([]);
  });

  it("refuses an unknown id", async () => {
    const { ports, answer } = await opened();
    for (const id of ["", "desk-1-ffffffff", "nothing", "../../x", "a".repeat(150)]) {
      await expect(decide(ports, { ...answer, id, decision: "retry" })).rejects.toMatchObject({ code: "unknown" });
    }
  });
});
