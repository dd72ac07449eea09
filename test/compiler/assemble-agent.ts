import type { AgentSource, Condition, Operand, Value } from "../../lib/definition/index.ts";
import { type AgentPlan, type BranchPlan, RESULT, type StepPlan } from "./agent-plan.ts";

interface SourceStep {
  readonly kind: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

type Outcome = "compensate" | "fail" | { escalate: string } | { continueWith: Value };

/** What can be referred to at a place: dotted paths by what they stand for. */
interface Scope {
  readonly all: readonly string[];
  readonly lists: readonly string[];
  readonly results: readonly string[];
}

const ofResult = (name: string): Scope => ({
  all: ["", ".text", ".count", ".maybe", ".none", ".none.deep", ".list", ".odd-name.and"].map((path) => name + path),
  lists: [`${name}.list`],
  results: [name],
});
const merged = (a: Scope, b: Scope): Scope => ({
  all: [...a.all, ...b.all],
  lists: [...a.lists, ...b.lists],
  results: [...a.results, ...b.results],
});
const NOTHING: Scope = { all: [], lists: [], results: [] };
const LADDERS = ["desk", "board"];
const LONG = "-x2345678901234567890123456789012345";

/** The agent of a plan: names are given in order, and every choice is read off the plan's numbers, over and over. */
export function assemble({ ladders, steps, picks, texts }: AgentPlan): AgentSource {
  let taken = 0;
  let named = 0;
  const pick = (below: number) => (picks[taken++ % picks.length] ?? 0) % below;
  const of = <const Items extends readonly unknown[]>(items: Items): Items[number] => items[pick(items.length)];
  const text = () => texts[pick(texts.length)] ?? "";
  const name = () => `s${++named}${pick(6) === 0 ? LONG.slice(0, 39 - String(named).length) : ""}`;
  const reference = (paths: readonly string[]) => ({ $from: paths[pick(paths.length)] ?? "input" });
  const ladder = () => LADDERS[pick(ladders)] ?? "desk";

  function value(scope: Scope, depth = 2): Value {
    const kind = pick(depth === 0 ? 4 : 6);
    if (kind < 2) return reference(scope.all);
    if (kind === 2) return text();
    if (kind === 3) return of([null, true, -1.5, 0]);
    return kind === 4 ? [value(scope, depth - 1)] : { part: value(scope, depth - 1), "a key": value(scope, depth - 1) };
  }

  function output(scope: Scope): Value {
    const made = value(scope);
    return Array.isArray(made) ? { list: made } : made;
  }

  function condition(scope: Scope, depth = 2): Condition {
    const result = scope.results[pick(scope.results.length)] ?? "input";
    const number: [Operand, Operand] = [{ $from: `${result}.count` }, of([0, -2, 1e21])];
    const either: [Operand, Operand] = [reference(scope.all), of([text(), null, true, 3])];
    const simple: readonly Condition[] = [
      { $eq: either },
      { $ne: either },
      { $lt: number },
      { $lte: number },
      { $gt: number },
      { $gte: number },
      { $lt: [{ $from: `${result}.text` }, text()] },
      { $in: [either[0], [text(), 1, null]] },
      { $exists: reference(scope.all) },
    ];
    if (depth === 0 || pick(3) > 0) return of(simple);
    const inner = condition(scope, depth - 1);
    return of([{ $not: inner }, { $and: [inner, of(simple)] }, { $or: [of(simple), inner] }]);
  }

  function outcome(scope: Scope): Outcome {
    const way = pick(ladders === 0 ? 3 : 4);
    if (way === 0) return "compensate";
    if (way === 1) return "fail";
    return way === 2 ? { continueWith: { $from: of(["input", ...scope.results]) } } : { escalate: ladder() };
  }

  const onFailure = (scope: Scope) => {
    if (ladders === 0) return { onFailure: outcome(scope) };
    const byClass = { "Holdfast.Denied": outcome(scope), "Holdfast.Rejected": outcome(scope) };
    return of([{}, { onFailure: outcome(scope) }, { onFailure: byClass }]);
  };

  function task(scope: Scope): SourceStep {
    const own = { kind: "task" as const, name: name(), handler: "./run.ts", input: value(scope), output: RESULT };
    const effect = of(["none", "read", "write", "write"] as const);
    const gates = [{ gate: { none: "It is only a test." } }, { gate: { ladder: ladder() } }, {}] as const;
    const writes = {
      ...(gates[ladders === 0 ? 0 : pick(3)] ?? {}),
      ...(pick(2) === 0 ? { compensate: "./undo.ts" } : {}),
    };
    const retry = of(["standard", "patient", "none", { preset: "none", transport: { retries: 1 } }] as const);
    return { ...own, effect, retry, ...onFailure(scope), ...(effect === "write" ? writes : {}) };
  }

  function branches(plans: readonly BranchPlan[], scope: Scope, nested: boolean) {
    return plans.map((branch) => ({ ends: branch.ends && !nested, ...sequence(branch.steps, scope, nested) }));
  }

  function step(plan: StepPlan, scope: Scope, nested: boolean): { step: SourceStep; scope: Scope } {
    switch (plan.kind) {
      case "task": {
        const made = task(scope);
        return { step: made, scope: ofResult(made.name) };
      }
      case "subflow": {
        const own = { kind: "subflow" as const, name: name(), agent: "child-agent", input: { part: value(scope) } };
        return { step: { ...own, output: RESULT, onFailure: outcome(scope) }, scope: ofResult(own.name) };
      }
      case "approval": {
        if (ladders === 0) return step({ kind: "wait" }, scope, nested);
        const own = { kind: "approval" as const, name: name(), ladder: ladder(), request: value(scope) };
        const onReject = of(["compensate", "fail", { escalate: ladder() }]);
        return { step: { ...own, onReject }, scope: { ...NOTHING, all: [`${own.name}.by`, own.name] } };
      }
      case "wait": {
        const time = of([{ for: "90s" }, { until: { $from: `${of(["input", ...scope.results])}.at` } }]);
        return { step: { kind: "wait", name: name(), ...time }, scope: NOTHING };
      }
      case "choose": {
        const own = name();
        const [otherwise, ...others] = branches(plan.branches, scope, nested).map(
          ({ ends, steps, scope: inner }, index) => ({
            name: `b${index}`,
            when: condition(scope),
            steps,
            ...(ends && index > 0 ? { end: { output: output(inner) } } : {}),
          }),
        );
        const only = { name: "only", when: condition(scope), steps: [] };
        const made = { kind: "choose" as const, name: own, branches: others.length === 0 ? [only] : others };
        return { step: { ...made, otherwise: { steps: otherwise?.steps ?? [] } }, scope: NOTHING };
      }
      case "parallel": {
        const own = name();
        const made = branches(plan.branches, scope, true).map(({ steps, scope: inner }, index) => [
          `b${index}`,
          { steps, ...(pick(4) === 0 ? {} : { output: output(inner) }) },
        ]);
        const all = [own, ...made.map(([branch]) => `${own}.${branch}`)];
        return {
          step: { kind: "parallel", name: own, branches: Object.fromEntries(made) },
          scope: { ...NOTHING, all },
        };
      }
      case "each": {
        const own = name();
        const as = name();
        const items = reference(["input.list", ...scope.lists]);
        const all = items.$from.endsWith(".list") ? [as, `${as}.id`, `${as}.parts`] : [as];
        const inner = sequence(plan.branches[0]?.steps ?? [], merged(scope, { ...NOTHING, all }), true);
        const made = {
          kind: "each" as const,
          name: own,
          items,
          as,
          concurrency: 1 + pick(3),
          steps: inner.steps,
        };
        const yields = pick(4) === 0 ? {} : { output: output(inner.scope) };
        return { step: { ...made, ...yields }, scope: { ...NOTHING, all: [own], lists: [own] } };
      }
    }
  }

  function sequence(plans: readonly StepPlan[], outer: Scope, nested: boolean) {
    let scope = outer;
    const made: SourceStep[] = [];
    for (const plan of plans) {
      const next = step(plan, scope, nested);
      made.push(next.step);
      scope = merged(scope, next.scope);
    }
    return { steps: made, scope };
  }

  const { steps: made, scope } = sequence(steps, ofResult("input"), false);
  const tiers = [
    { audience: text().replaceAll(/\p{Cc}/gu, "") || "anybody", within: "4h" },
    { audience: "the board", within: "1d" },
  ];
  const declared = LADDERS.slice(0, ladders).map((each, index) => [
    each,
    { tiers: tiers.slice(0, 1 + index), otherwise: of(["abort", "compensate", "approve", "reject"] as const) },
  ]);
  return {
    holdfast: 1,
    name: "generated",
    purpose: "A generated agent.",
    input: RESULT,
    triggers: [{ source: "tests", detailType: "Started", dedupeBy: "text" }],
    escalations: Object.fromEntries(declared),
    ...(ladders === 2 ? { defaultLadder: "board" } : {}),
    ...(pick(2) === 0 ? { budget: { wallClock: "30d", usd: 1 } } : {}),
    steps: made,
    ...(pick(3) === 0 ? {} : { output: output(scope) }),
  };
}
