import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { printReport } from "../../lib/cli/print-report.ts";
import { printRun } from "../../lib/cli/print-run.ts";
import { runReport } from "../../lib/cli/report/run-report.ts";
import { whyOf } from "../../lib/cli/report/why/why.ts";
import { reason } from "../definition/documents.ts";
import { tool } from "../definition/tool-cases.ts";
import { task } from "./fault-cases.ts";
import { asked, declared, entered, facts, failed, history, scheduled } from "./why-facts.ts";

const document = declared([task("work"), reason({ onFailure: undefined })], { tools: { order: tool() } });
const ANY = ["retry", "override", "abort"];
/** What a loop that would come to the same end leaves to decide. */
const FINAL = ["override", "abort"];
const RAISABLE = ["raise", ...ANY];
const SPENT = "budget-exceeded: Step work needs up to 100 tokens, of which 10 tokens are left.";

/** A run that asks about a step which failed like this. */
function waiting(step: string, decisions: readonly string[], error: string, cause = "no: Broken.") {
  const incident = { kind: "failure", step, path: step, error: `Holdfast.${error}`, cause, decisions } as const;
  return facts({}, history({}), { escalations: [asked(step, 5, { incident })] });
}

describe("why advises the decision that its command makes", () => {
  it.each([
    ["think", FINAL, "BudgetExceeded", "override", /^answer in place of think, or give the run up:$/],
    ["think", FINAL, "Denied", "override", /^answer in place of think, or give the run up:$/],
    ["think", FINAL, "NeedsHuman", "override", /^answer in place of think, or give the run up:$/],
    ["think", ANY, "NeedsHuman", "override", /say what it would have returned:$/],
    ["think", ANY, "Denied", "retry", /permission/],
    ["work", RAISABLE, "BudgetExceeded", "raise", /^raise the budget/],
    ["work", ["abort"], "BudgetExceeded", "abort", /^give the run up:$/],
    ["work", ANY, "Rejected", "retry", /^ask again once the objection is met:$/],
    ["think", ANY, "Rejected", "override", /^answer in place of think; .*the same call is asked for again:$/],
  ])("about %s, with %j on offer after %s: %s", (step, decisions, error, decision, said) => {
    const [act] = whyOf(waiting(step, decisions, error), document, { isElsewhere: true }).act;
    expect(act?.command).toContain(` --decision ${decision} `);
    expect(act?.said).toMatch(said);
  });
});

describe("run, show and why print a decision as it can be typed", () => {
  const CASES = [
    [FINAL, "--decision override --output output.json"],
    [RAISABLE, "--decision raise --raise tokens=100"],
    [["abort"], "--decision abort"],
  ] as const;

  it.each(CASES)("where the first is of %j", (decisions, typed) => {
    const of = waiting("work", decisions, "BudgetExceeded", SPENT);
    const said: string[] = [];
    const terminal = {
      out: (text: string) => said.push(text),
      err: expect.unreachable,
      colors: pc.createColors(false),
    };
    const report = runReport(document, of);
    printReport({ terminal, json: false, root: "", dataDir: "" }, report, { isElsewhere: true });
    said.push(printRun(terminal, report, { isElsewhere: true, now: of.now }));
    said.push(String(whyOf(of, document, { isElsewhere: true }).act[0]?.command));
    for (const text of said) expect(text).toContain(`decide desk-1-work ${typed} --as you@example.com`);
    const stack = "HoldfastPlatform";
    const elsewhere = [
      printRun(terminal, report, { isElsewhere: true, now: of.now, stack }),
      String(whyOf(of, document, { isElsewhere: true, stack }).act[0]?.command),
    ];
    for (const text of elsewhere) expect(text).toContain(`decide desk-1-work ${typed} --stack ${stack}`);
  });
});

describe("an attempt that ends in a question", () => {
  it.each([
    ["a model's", "Holdfast.NeedsHuman", "asked-by-model", "‖ think"],
    ["about a call", "Holdfast.NeedsApproval", "approval-needed", "‖ think"],
    ["of no loop", "Holdfast.NeedsHuman", "unsure", "✗ think"],
  ])("%s is marked as one", (_, name, code, mark) => {
    const of = facts({}, history({}, entered("think"), scheduled, failed(name, `${code}: Step think asks.`)));
    const terminal = { out: expect.unreachable, err: expect.unreachable, colors: pc.createColors(false) };
    const shown = printRun(terminal, runReport(document, of), { isElsewhere: true, now: of.now });
    expect(shown).toMatch(new RegExp(`${mark} .*${code}`));
  });
});
