import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandLine } from "./command-line.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
beforeEach(async () => {
  cli = await commandLine();
});
afterEach(() => cli.remove());

const json = (text: string) => JSON.parse(text);

describe("holdfast run", () => {
  it("completes a clean invoice, and its JSON is the contract", async () => {
    const { code, out, err } = await cli.holdfast("run", "invoice-desk", "--event", await cli.event("clean"), "--json");
    const report = json(out);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(report).toEqual({
      runId: expect.stringMatching(/^invoice-desk-[0-9a-f]{32}$/),
      agent: "invoice-desk",
      status: "completed",
      output: expect.objectContaining({ verdict: "clean" }),
      error: null,
      steps: ["extract", "match", "decide", "propose-payment", "notify"].map((path) => ({
        path,
        kind: path === "decide" ? "choose" : "task",
        status: "completed",
        attempts: 1,
        ms: expect.any(Number),
      })),
      escalations: [],
      usage: { transitions: 5, invocations: 4, storeWrites: expect.any(Number), storeReads: expect.any(Number) },
      startedAt: expect.any(String),
      endedAt: expect.any(String),
      timeline: expect.arrayContaining([expect.objectContaining({ kind: "attempt", path: "notify", attempt: 1 })]),
      decisions: expect.arrayContaining([expect.objectContaining({ kind: "choice", chosen: "clean" })]),
      position: [],
      next: [],
      waitsUntil: null,
      cost: expect.objectContaining({ counts: expect.objectContaining({ transitions: 5 }), tokens: 0, actionsUsd: 0 }),
    });
    expect(report.usage.storeWrites).toBeLessThanOrEqual(3 + 2 + 2 + 4);
    expect(await cli.payments()).toEqual([
      {
        invoiceId: "INV-2025-0001",
        supplier: expect.any(String),
        amount: report.output.payment.amount,
        currency: "EUR",
        purchaseOrder: expect.any(String),
        idempotencyKey: report.output.payment.idempotencyKey,
      },
    ]);
  });

  it("starts nothing for an event that was run before, and tells of the first run", async () => {
    const event = await cli.event("clean");
    const first = json((await cli.holdfast("run", "invoice-desk", "--event", event, "--json")).out);
    const second = await cli.holdfast("run", "invoice-desk", "--event", event, "--json");
    expect(second.code).toBe(0);
    expect(json(second.out)).toMatchObject({
      runId: first.runId,
      status: "completed",
      output: first.output,
      steps: first.steps,
    });
    expect(await cli.payments()).toHaveLength(1);
  });

  it("waits for a person with exit code 3, and show says the same", async () => {
    const { code, out } = await cli.holdfast("run", "invoice-desk", "--event", await cli.event("mismatch"), "--json");
    const report = json(out);
    expect(code).toBe(3);
    expect(report).toMatchObject({
      status: "waiting",
      error: null,
      escalations: [{ tier: 1, step: "approve-mismatch" }],
    });
    expect(await cli.payments()).toEqual([]);
    const shown = await cli.holdfast("show", report.runId, "--json");
    expect(json(shown.out)).toMatchObject({ runId: report.runId, status: "waiting", escalations: report.escalations });
  });

  it("pays once a mismatch is approved, and takes no second answer", async () => {
    const { escalations } = json(
      (await cli.holdfast("run", "invoice-desk", "--event", await cli.event("mismatch"), "--json")).out,
    );
    const answer = ["decide", escalations[0].id, "--as", "lead@example.com", "--json", "--decision"];
    const approved = await cli.holdfast(...answer, "approve");
    expect(approved.code).toBe(0);
    expect(json(approved.out)).toMatchObject({ status: "completed", escalations: [] });
    expect(await cli.payments()).toHaveLength(1);
    const again = await cli.holdfast(...answer, "reject");
    expect(again.code).toBe(2);
    expect(json(again.out)).toMatchObject({ error: { code: "already-decided" } });
  });

  it("abandons a run whose mismatch is rejected, and pays nothing", async () => {
    const { runId } = json(
      (await cli.holdfast("run", "invoice-desk", "--event", await cli.event("mismatch"), "--json")).out,
    );
    const { out } = await cli.holdfast(
      "decide",
      runId,
      "--decision",
      "reject",
      "--as",
      "lead@example.com",
      "--note",
      "too much",
      "--json",
    );
    expect(json(out)).toMatchObject({ status: "abandoned", error: { class: "Holdfast.Rejected", code: "rejected" } });
    expect(await cli.payments()).toEqual([]);
    const runs = await cli.holdfast("runs", "--status", "abandoned", "--json");
    expect(json(runs.out)).toEqual([
      {
        runId,
        agent: "invoice-desk",
        status: "abandoned",
        startedAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ]);
  });

  it("ends a duplicate invoice without paying", async () => {
    const { code, out } = await cli.holdfast("run", "invoice-desk", "--event", await cli.event("duplicate"), "--json");
    expect(code).toBe(0);
    expect(json(out)).toMatchObject({ status: "completed", output: { verdict: "duplicate", payment: null } });
    expect(await cli.payments()).toEqual([]);
  });

  it("retries a transient fault", async () => {
    const event = await cli.event("clean");
    const { out } = await cli.holdfast("run", "invoice-desk", "--event", event, "--fault", "match:transient", "--json");
    const { status, steps } = json(out);
    expect({ status, match: steps[1] }).toMatchObject({
      status: "completed",
      match: { path: "match", attempts: 2, status: "completed" },
    });
  });

  it("undoes a completed payment when a later step is given up", async () => {
    const event = await cli.event("clean");
    const { runId } = json(
      (await cli.holdfast("run", "invoice-desk", "--event", event, "--fault", "notify:permanent", "--json")).out,
    );
    const { out } = await cli.holdfast("decide", runId, "--decision", "abort", "--as", "lead@example.com", "--json");
    expect(json(out)).toMatchObject({ status: "abandoned", error: { code: "injected-fault" } });
    const objects = await cli.payments();
    const payment = objects.find((object) => "amount" in object);
    expect(objects).toHaveLength(2);
    expect(objects.find((object) => "cancels" in object)).toMatchObject({ cancels: payment?.idempotencyKey });
  });

  it("re-runs a failed step when a person says retry, and takes a person's output for override", async () => {
    const event = await cli.event("clean");
    const run = ["run", "invoice-desk", "--event", event, "--json"];
    const { runId } = json((await cli.holdfast(...run, "--fault", "notify:permanent")).out);
    const override = async (output: object) => {
      const file = await cli.file(JSON.stringify(output));
      const as = ["--as", "lead@example.com", "--json"];
      return cli.holdfast("decide", runId, "--decision", "override", "--output", file, ...as);
    };
    const wrong = await override({ subject: "s", text: 7 });
    expect({ exit: wrong.code, ...json(wrong.out).error }).toMatchObject({ exit: 2, code: "invalid-output" });
    expect(json((await cli.holdfast("show", runId, "--json")).out)).toMatchObject({ status: "waiting" });
    const decided = await override({ subject: "s", text: "told by phone" });
    expect(json(decided.out)).toMatchObject({ status: "completed", output: { summary: "told by phone" } });
  });

  it("has nothing to resume when all runs are done", async () => {
    await cli.holdfast("run", "invoice-desk", "--event", await cli.event("clean"), "--json");
    expect(await cli.holdfast("resume", "--json")).toEqual({ code: 0, out: "[]", err: "" });
  });
});
