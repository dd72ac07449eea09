import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compile,
  limitProblems,
  placeholderKeys,
  type State,
  type StateMachine,
  substitute,
  worstCase,
} from "../../lib/compiler/index.ts";
import { type AgentDocument, allSteps, checkAgent } from "../../lib/definition/index.ts";
import { arbitraryAgent } from "./arbitrary-agent.ts";
import { assignedBy, exitsOf, expressionsIn, ownFields, statesOf, usedBy } from "./machines.ts";
import { followPaths } from "./paths.ts";
import { byAslValidator, byLanguageService } from "./validators.ts";

const CALLBACK = "arn:aws:states:::lambda:invoke.waitForTaskToken";
const CHILD = "arn:aws:states:::states:startExecution.sync:2";

/** Checks what must hold of the machine of every agent. */
const always = (
  name: string,
  holds: (machine: StateMachine, agent: AgentDocument) => void | Promise<void>,
  runs = 60,
) =>
  test(name, { timeout: 300_000 }, () =>
    fc.assert(
      fc.asyncProperty(arbitraryAgent, async (agent) => holds(compile(agent), agent)),
      { numRuns: runs },
    ),
  );

const tasksOf = (machine: StateMachine) =>
  [...statesOf(machine)].flatMap(({ name, state }) => (state.Type === "Task" ? [{ name, task: state }] : []));

always("the same agent compiles to the same machine, and stays as it is", (machine, agent) => {
  const before = JSON.stringify(agent);
  expect(JSON.stringify(compile(structuredClone(agent)))).toBe(JSON.stringify(machine));
  expect(JSON.stringify(agent)).toBe(before);
});

always("every way out of a state leads to a state of its own region", (machine) => {
  for (const { name, state, region } of statesOf(machine)) {
    for (const { to } of exitsOf(state)) if (to !== undefined) expect(Object.keys(region.States), name).toContain(to);
  }
});

always("every state can be reached, and every variable is assigned on every path to where it is read", (machine) => {
  const { visited, unassigned } = followPaths(machine);
  expect(unassigned).toEqual([]);
  expect([...statesOf(machine)].map(({ name }) => name).filter((name) => !visited.has(name))).toEqual([]);
});

always("state names are unique in the whole machine and at most 80 characters long", (machine) => {
  const names = [...statesOf(machine)].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.length > 80)).toEqual([]);
});

always("variables have AWS's kind of names, and none hides one of an outer region", (machine) => {
  for (const { state, outer } of statesOf(machine)) {
    for (const name of assignedBy(state)) {
      expect(name).toMatch(/^[a-z][a-z0-9_]{0,79}$/);
      expect(name).not.toBe("states");
      expect(outer.has(name), `${name} hides an outer variable`).toBe(false);
    }
  }
});

always("every state that waits for people has a time limit", (machine) => {
  for (const { task } of tasksOf(machine)) {
    if (task.Resource === CALLBACK) expect(task.TimeoutSeconds).toBeDefined();
    if (typeof task.TimeoutSeconds === "string") expect(task.TimeoutSeconds).toMatch(/ : 1 %\}$/);
    else {
      expect(task.TimeoutSeconds).toBeGreaterThan(0);
      expect(task.TimeoutSeconds).toBeLessThanOrEqual(365 * 86_400 + 15);
    }
  }
});

always("every task retries, but for a child's run, which is started once", (machine) => {
  for (const { name, task } of tasksOf(machine)) {
    if (task.Resource === CHILD) expect(task.Retry, name).toBeUndefined();
    else expect(task.Retry?.length, name).toBeGreaterThan(0);
    for (const { ErrorEquals, MaxDelaySeconds, IntervalSeconds, JitterStrategy } of task.Retry ?? []) {
      expect(MaxDelaySeconds).toBeGreaterThan(IntervalSeconds);
      expect(JitterStrategy).toBe(ErrorEquals.includes("Holdfast.StepBusy") ? "NONE" : "FULL");
    }
  }
});

always(
  "every task, branch and item catches everything: States.ALL last and alone, States.DataLimitExceeded by name",
  (machine) => {
    for (const { name, state } of statesOf(machine)) {
      if (state.Type !== "Task" && state.Type !== "Map" && state.Type !== "Parallel") continue;
      const caught = (state.Catch ?? []).map(({ ErrorEquals }) => ErrorEquals);
      expect(caught.at(-1), name).toEqual(["States.ALL"]);
      expect(caught.slice(0, -1).flat(), name).toContain("States.DataLimitExceeded");
      expect(caught.slice(0, -1).flat(), name).not.toContain("States.ALL");
      expect(new Set(caught.flat()).size, name).toBe(caught.flat().length);
    }
  },
);

always("every expression parses, and no name of a step takes the place of a function", (machine, agent) => {
  const functions = new Set(expressionsIn(machine).flatMap((expression) => [...usedBy(expression).functions]));
  for (const name of functions) {
    const [first, ...rest] = agent.steps;
    const renamed = { ...agent, steps: [...rest, { ...first, name }] };
    const result = checkAgent(renamed);
    const codes = result.ok ? [] : result.problems.map(({ code }) => code);
    expect(codes, name).toContain(name === name.toLowerCase() ? "reserved-name" : "invalid-shape");
  }
});

always("every placeholder is one of those that a deployment fills in", (machine, agent) => {
  const known = new Set(["holdfast_open_escalation", "holdfast_plan_compensation", "holdfast_record_decisions"]);
  for (const step of allSteps(agent.steps)) {
    const variable = step.name.replaceAll("-", "_");
    if (step.kind === "task") known.add(`step_${variable}`).add(`undo_${variable}`);
    if (step.kind === "subflow") known.add("start_child_agent").add("agent_child_agent");
  }
  expect(placeholderKeys(machine).filter((key) => !known.has(key))).toEqual([]);
  const text = JSON.stringify(substitute(machine, (key) => `arn:${key}`));
  expect(text).not.toContain("${");
});

always("nothing that a declaration says in words becomes an expression or a placeholder", (machine) => {
  const written = [...statesOf(machine)].flatMap(({ state }) => expressionsIn(ownFields(state)));
  for (const expression of written) {
    const literals = expression.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    const code = expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
    expect(code).not.toMatch(/\$states\.context(?!\.(Execution|State|Task|Map)\.)/);
    for (const literal of literals.filter((text) => text.includes("${"))) {
      expect(literal).toMatch(/^"\$\{(undo)_[a-z0-9_]+\}"$/);
    }
  }
});

always(
  "asl-validator and AWS's language service have nothing against it",
  async (machine) => {
    expect(byAslValidator(machine)).toEqual([]);
    expect(await byLanguageService(machine)).toEqual([]);
  },
  30,
);

always("one more step never makes the worst case better", (_, agent) => {
  const more = checkAgent({
    ...agent,
    steps: [{ kind: "wait", name: "one-more", for: "1s" }, ...agent.steps],
  });
  if (!more.ok) throw new Error(JSON.stringify(more.problems));
  const before = worstCase(agent);
  const after = worstCase(more.agent);
  for (const figure of Object.keys(before) as (keyof typeof before)[]) {
    expect(after[figure], figure).toBeGreaterThanOrEqual(before[figure]);
  }
  expect(after.transitions).toBe(before.transitions + 1);
});

always("an agent that AWS would refuse has a problem that says so", (machine, agent) => {
  const tooLarge = JSON.stringify(machine).length > 1_048_576;
  const tooLong = worstCase(agent).historyEvents > 25_000;
  const codes = limitProblems(agent).map(({ code }) => code);
  expect(codes.includes("history-too-long")).toBe(tooLong);
  if (tooLarge) expect(codes).toContain("machine-too-large");
});

test("the walk over paths sees a dead state and an unassigned variable", () => {
  const pass = (expression: string, Next: string): State => ({ Type: "Pass", Output: `{% ${expression} %}`, Next });
  const machine: StateMachine = {
    StartAt: "a",
    States: { a: pass("$missing", "end"), dead: pass("1", "end"), end: { Type: "Succeed" } },
  };
  expect(followPaths(machine)).toEqual({ visited: new Set(["a", "end"]), unassigned: ["a: $missing in  $missing "] });
});

test("both validators see a state that leads nowhere", async () => {
  const broken = { StartAt: "a", States: { a: { Type: "Pass", Next: "gone" } } };
  expect(byAslValidator(broken)).not.toEqual([]);
  expect(await byLanguageService(broken)).not.toEqual([]);
});
