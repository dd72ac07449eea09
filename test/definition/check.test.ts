import { describe, expect, test } from "vitest";
import { compile, limitProblems } from "../../lib/compiler/index.ts";
import { checkAgent, PROBLEM_CODES } from "../../lib/definition/index.ts";
import { agent, desk, each, task, wait } from "./documents.ts";
import { PROBLEM_CASES } from "./problem-cases.ts";
import { TOOL_CASES } from "./tool-cases.ts";

test("a document with nothing wrong has no problem, and its defaults are filled in", () => {
  const result = checkAgent(agent());
  expect(result).toMatchObject({
    ok: true,
    agent: {
      success: [],
      triggers: [],
      budget: {},
      escalations: {},
      steps: [{ effect: "read", timeout: "60s", memory: 512, retry: "standard", needs: [], input: {} }],
    },
  });
});

describe("one thing wrong is one problem, at its place, with what is allowed", () => {
  test.each(PROBLEM_CASES.map((one) => [one.problem.code, one.title, one] as const))("%s: %s", (_code, _title, one) => {
    expect(checkAgent(one.document, one.known)).toMatchObject({ ok: false, problems: [one.problem] });
  });
});

test("every problem is reported at once, in the order of the document", () => {
  const result = checkAgent(
    agent({
      escalations: { desk },
      triggers: [{ source: "shop", detailType: "Ordered", dedupeBy: "number" }],
      steps: [
        task({ name: "undo", timeout: "1h", input: { a: { $from: "gone" }, b: { $from: "input.gone" } } }),
        each({ items: { $from: "input.tags" }, steps: [task({ gate: { ladder: "gone" } })] }),
        task(),
      ],
    }),
  );
  expect(result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "unknown-reference steps[0].input.a",
    "unknown-reference steps[0].input.b",
    "timeout-too-long steps[0].timeout",
    "each-unbounded steps[1].items",
    "gate-without-write steps[1].steps[0].gate",
    "reserved-name steps[0].name",
    "duplicate-name steps[2].name",
    "unknown-dedupe-key triggers[0].dedupeBy",
  ]);
});

test("shapes that are wrong in several places are all reported", () => {
  const result = checkAgent({
    ...agent({ purpose: "", steps: [task({ effect: "maybe" }), { kind: "loop" }] }),
    extra: 1,
  });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual([
    "purpose",
    "steps[0].effect",
    "steps[1].kind",
    "",
  ]);
});

describe("what only the compiled machine shows", () => {
  const checked = (document: unknown) => {
    const result = checkAgent(document);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.agent;
  };

  test("machine-too-large: more than AWS takes", () => {
    const text = "x".repeat(1_000);
    const steps = Array.from({ length: 1_100 }, (_, index) => task({ name: `s${index}`, input: { text } }));
    const large = checked(agent({ steps }));
    const [problem, ...others] = limitProblems(large).filter(({ code }) => code === "machine-too-large");
    expect(others).toEqual([]);
    expect(problem?.path).toBe("steps");
    const bytes = Number(
      /has about (\d+) bytes; AWS takes 1048576\. Move steps into a subflow\.$/.exec(problem?.message ?? "")?.[1],
    );
    expect(bytes).toBeGreaterThan(JSON.stringify(compile(large)).length);
  });

  test("history-too-long: more events than AWS keeps", () => {
    const lines = { type: "array", maxItems: 440, items: {} };
    const input = { type: "object", properties: { lines }, required: ["lines"] };
    const long = checked(agent({ input, steps: [each({ steps: [task()] })] }));
    // 440 times: iteration, 17 attempts, end. Around them: the each, the end, the execution.
    const events = 440 * (2 + (2 + 3 * 17) + 2) + 4 + 2 + 2;
    expect(limitProblems(long)).toEqual([
      {
        code: "history-too-long",
        path: "steps",
        message: `The worst case of a run has ${events} history events; AWS allows 25000. Lower maxItems or retries, or move steps into a subflow.`,
      },
    ]);
  });

  test("nothing where all is well", () => {
    expect(limitProblems(checked(agent({ steps: [wait("rest")] })))).toEqual([]);
  });
});

test("every problem code is shown by a case", () => {
  const shown = new Set<string>([...PROBLEM_CASES, ...TOOL_CASES].map(({ problem }) => problem.code));
  const elsewhere = ["machine-too-large", "history-too-long", "module-missing", "script-invalid"];
  expect([...shown, ...elsewhere].sort()).toEqual([...PROBLEM_CODES].sort());
});
