import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { printRun } from "../../lib/cli/print-run.ts";
import type { RunFacts } from "../../lib/cli/report/run-facts.ts";
import { runReport } from "../../lib/cli/report/run-report.ts";
import { whyOf } from "../../lib/cli/report/why/why.ts";
import type { AgentDocument } from "../../lib/definition/index.ts";
import { task } from "./fault-cases.ts";
import {
  asked,
  decided,
  decidedTo,
  declared,
  done,
  entered,
  facts,
  failed,
  history,
  left,
  lost,
  scheduled,
} from "./why-facts.ts";

const rest = { kind: "wait", name: "rest", for: "3d" };
const line = declared([task("work", { retry: "standard" }), rest, task("last")]);
const branches = {
  slow: { steps: [task("one", { retry: "standard" }), task("two")] },
  calm: { steps: [rest, task("three")] },
};
const forked = declared([{ kind: "parallel", name: "fork", branches }, task("last")]);

const why = (of: RunFacts, document: AgentDocument = line, options: object = {}) =>
  whyOf(of, document, { isElsewhere: true, ...options });

/** Both branches entered, each after the fork. */
const fork = [{}, entered("fork", "Parallel"), { ...entered("one"), previousEventId: 2 }];

describe("why, of a step that failed and is still entered", () => {
  const again = history({}, entered("work"), scheduled, failed("Holdfast.Transient"), scheduled);

  it("says that another attempt is under way, and not that the run is given up", () => {
    const { next, summary, cause } = why(facts({}, again));
    expect(next).toEqual({ kind: "retry", said: "attempt 2 is under way", at: null });
    expect(summary).toBe("work failed; attempt 2 is under way.");
    expect(cause).toMatchObject({ path: "work", attempt: 1 });
  });

  it("is not given up by a failure that is about to be handed over", () => {
    const { next, summary } = why(facts({}, history({}, entered("work"), scheduled, failed("Holdfast.Permanent"))));
    expect([next.kind, summary]).toEqual(["step", "work failed."]);
  });

  it("finds its retry though another branch was entered later", () => {
    const one = [{ ...scheduled }, failed("Holdfast.Transient")];
    const events = history(...fork, ...one, { ...entered("rest", "Wait"), previousEventId: 2 });
    const { next, cause, summary } = why(facts({}, events), forked);
    expect(cause).toMatchObject({ path: "fork/slow/one" });
    expect(next).toMatchObject({ kind: "retry", at: "2026-11-21T00:00:05.000Z" });
    expect(summary).toBe("fork/slow/one failed, and is tried again.");
  });

  it("takes no branch for open that was cut off with the fork around it", () => {
    const exited = { type: "ParallelStateExited", stateExitedEventDetails: { name: "fork" } };
    const events = history(...fork, scheduled, failed("Holdfast.Transient"), exited, entered("last"), scheduled);
    expect(why(facts({}, events), forked).next).toEqual({
      kind: "step",
      said: "last is under way; then it ends",
      at: null,
    });
  });
});

describe("why, of a run that is given up", () => {
  const events = history({}, ...lost("work"), entered("compensate"), scheduled);
  const reason = { class: "Holdfast.Permanent", code: "given-up", message: "Given up.", step: "work", path: "work" };

  it("says so only once its items do", () => {
    expect(why(facts({}, events)).summary).not.toContain("given up");
    const told = why(facts({}, events, { record: decided({ kind: "compensation", reason }) }));
    expect(told.next.kind).toBe("compensation");
    expect(told.summary).toBe("The run is being given up because of work.");
  });

  it("names the failure that it is given up for, and nobody who decided about another step", () => {
    const cause = JSON.stringify({ step: "last", path: "last", error: "Holdfast.Permanent", cause: "no: Broken." });
    const all = history({}, ...lost("work"), ...lost("last"));
    const escalations = [asked("last", 9, decidedTo("abort")), asked("work", 4, decidedTo("retry", "bob"))];
    const told = (more: Partial<RunFacts>) =>
      why(facts({ status: "FAILED", error: "Holdfast.Abandoned", cause }, all, more)).summary;
    expect(told({ escalations })).toBe("The run was given up because of last; ann decided to abort.");
    expect(told({ escalations: escalations.slice(1) })).toBe("The run was given up because of last.");
    const undoing = facts({}, all, {
      escalations: [asked("work", 5, decidedTo("abort"))],
      record: decided({ kind: "compensation", reason }),
    });
    expect(why(undoing).cause).toMatchObject({ path: "work" });
    const rejected = [asked("work", 5, decidedTo("reject")), asked("last", 9, decidedTo("abort"))];
    const undone = facts({}, history({}), { escalations: rejected, record: decided({ kind: "compensation", reason }) });
    expect(why(undone).cause).toMatchObject({ path: "work" });
  });
});

describe("why --step", () => {
  it("tells of the step, and of the run what happens next", () => {
    const of = facts({}, history({}, ...lost("work"), entered("rest", "Wait")));
    const told = why(of, line, { step: "work" });
    expect(told).toMatchObject({ cause: { path: "work" }, tried: [{ attempt: 1 }], next: { kind: "wait" } });
    expect([told.next, told.act]).toEqual([why(of).next, why(of).act]);
    expect(why(of, line, { step: "last" })).toMatchObject({
      summary: "Step last was never entered.",
      next: { kind: "wait" },
    });
  });
});

describe("why, where no process has the run under way", () => {
  const of = facts({}, history({}, entered("rest", "Wait")));

  it("has a wait taken up, and says until when it lasts", () => {
    const { next, act } = why(of, line, { isElsewhere: false });
    expect(next).toMatchObject({ kind: "resume", at: "2026-11-24T00:00:01.000Z" });
    expect(next.said).toContain("rest waits until 2026-11-24");
    expect(act[0]?.command).toBe("npx holdfast resume");
    const report = runReport(line, of);
    expect(report).toMatchObject({ status: "waiting", waitsUntil: "2026-11-24T00:00:01.000Z" });
    const terminal = { out: expect.unreachable, err: expect.unreachable, colors: pc.createColors(false) };
    const shown = (isElsewhere: boolean) => printRun(terminal, report, { isElsewhere, now: of.now });
    expect(shown(false)).toMatch(
      /waits until 2026-11-24 00:00:01Z .*; not under way in any process; continue it with npx holdfast resume/,
    );
    expect(shown(true)).toMatch(/waits until 2026-11-24 00:00:01Z .*; under way/);
  });

  it("has the subflow's parent taken up", () => {
    const input = { id: { $from: "input.id" } };
    const output = { type: "object", properties: {} };
    const parent = declared([{ kind: "subflow", name: "part", agent: "other", input, output }]);
    const { next, act } = why(facts({}, history({}, entered("part"), scheduled)), parent, { isElsewhere: false });
    expect([next.kind, act[0]?.command]).toEqual(["resume", "npx holdfast resume"]);
  });
});

describe("why, of a step that is handed over while nobody is asked yet", () => {
  const asking = [entered("desk: tier 1"), scheduled, failed("Lambda.Unknown")];

  it("is that step's failure", () => {
    const { cause, next, summary, act } = why(facts({}, history({}, ...lost("work"), ...asking)));
    expect(cause).toMatchObject({ path: "work", class: "Holdfast.Permanent", code: "no" });
    expect(next).toEqual({ kind: "people", said: "people are being asked about work", at: null });
    expect(summary).toBe("work failed; people are asked what to do.");
    expect(act[0]?.command).toBe("npx holdfast why desk-1");
  });

  it("is so at the next tier, too", () => {
    const silent = [
      ...asking,
      left("desk: tier 1"),
      entered("desk: silent"),
      left("desk: silent"),
      entered("desk: tier 2"),
    ];
    expect(why(facts({}, history({}, ...lost("work"), ...silent))).cause).toMatchObject({ path: "work" });
  });

  it("is nothing wrong where a gate asks", () => {
    const gate = [entered("last: gate", "Pass"), left("last: gate")];
    expect(why(facts({}, history({}, ...lost("work"), ...gate, ...asking))).cause).toBeNull();
  });
});

describe("why, of a run that was stopped", () => {
  const where = (events: readonly object[], more: Partial<RunFacts> = {}) =>
    why(facts({ status: "ABORTED" }, history({}, ...events), more));

  it("names what was under way, not what failed before", () => {
    expect(where([...lost("work"), entered("rest", "Wait")]).cause).toMatchObject({ path: "rest" });
  });

  it("names no failure that was stood in for, or answered", () => {
    expect(where(lost("work")).cause).toMatchObject({ path: "work" });
    expect(where(lost("work"), { record: decided({ kind: "stand-in", path: "work" }) }).cause).toMatchObject({
      path: "",
    });
    expect(where(lost("work"), { escalations: [asked("work", 5, decidedTo("override"))] }).cause).toMatchObject({
      path: "",
    });
  });

  it("has words for a run that entered no step", () => {
    expect(where([]).summary).toBe("The run failed before any step.");
  });
});

describe("why, of several open questions", () => {
  it("leads to the one that the cause comes from, and names the others", () => {
    const gate = asked("last", 9, { kind: "gate" });
    const escalations = [asked("work", 5), { ...gate, incident: { ...gate.incident, kind: "gate" as const } }];
    const { cause, next, act } = why(facts({}, history({}, ...lost("work")), { escalations }));
    expect(cause).toMatchObject({ path: "work" });
    expect(next.said).toContain("about work");
    expect(act[0]?.command).toContain("decide desk-1-work ");
    expect(act.map(({ said }) => said)).toContain("also open: desk-1-last (last).");
  });
});

describe("why says how a run is started again", () => {
  const cron = { name: "nightly", schedule: "rate(1 day)", input: { id: "<aws.scheduler.scheduled-time>" } };
  const triggers = [
    { source: "a", detailType: "b", dedupeBy: "id" },
    cron,
    { source: "c", detailType: "d", dedupeBy: "id" },
  ];
  const document = declared([task("work")], { triggers });
  const said = (input?: object) =>
    why(facts({ status: "ABORTED" }, history({}, entered("work", "Task", input))), document).act.map(
      (each) => each.said,
    );
  const by = (source: string) => said({ input: {}, event: { id: "1", source, time: null } });

  it("by the trigger of its event", () => {
    expect(by("c")).toEqual([expect.stringContaining("(c, d) with another id:")]);
    expect(by("holdfast.schedule")).toEqual([
      expect.stringContaining("(holdfast.schedule, nightly) with another time"),
    ]);
  });

  it("by each where nobody knows which", () => expect(said()).toHaveLength(3));

  it("by the run that it is a part of", () => {
    expect(said({ input: {}, parent: { runId: "other-1", path: "part" } })).toEqual([
      expect.stringContaining("is a part of"),
    ]);
  });
});

describe("show", () => {
  const calm = { ...entered("rest", "Wait"), previousEventId: 2 };

  it("names what follows in every open branch", () => {
    const { position, next } = runReport(forked, facts({}, history(...fork, calm)));
    expect(position).toEqual(["fork/slow/one", "fork/calm/rest"]);
    expect(next).toEqual(["two", "three", "last"]);
  });

  it("stands where people are asked", () => {
    const tier = [entered("desk: tier 1"), scheduled];
    const escalations = [asked("work", 5), asked("part/other", 5, { runId: "other-1" })];
    const { position, next } = runReport(line, facts({}, history({}, ...lost("work"), ...tier), { escalations }));
    expect(position).toEqual(["work"]);
    expect(next).toEqual(["rest", "last"]);
  });

  it("is at no step between two", () => {
    expect(runReport(line, facts({}, history({}, entered("work"), scheduled, done, left("work"))))).toMatchObject({
      position: [],
      next: ["rest", "last"],
    });
  });
});
