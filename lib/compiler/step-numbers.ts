import { type AgentDocument, isWork, type Step } from "../definition/index.ts";
import { itemBounds } from "./item-bounds.ts";
import { variableOf } from "./names.ts";

/** The variable that holds how many items an `each` had. */
export const countVariable = (each: string) => `${variableOf(each)}__count`;

/** How many steps were numbered before: a number, and JSONata that is added to it at run time. */
interface Offset {
  readonly fixed: number;
  readonly counted: readonly string[];
}

/**
 * Numbers the steps that run as functions, and the subflows, of an agent whose worst case passes its budget of steps: no two of a run have the same
 * number, so that a step whose number is within the budget is within the budget, and nobody has to keep count. What may
 * run at the same time, or in the other branch of a choice, counts as if it ran to the most.
 *
 * @returns bare JSONata by step; for an `each`, the number before its first item. Empty where the budget cannot be passed.
 */
export function stepNumbers(agent: AgentDocument): ReadonlyMap<Step, string> {
  const bounds = itemBounds(agent);
  const numbers = new Map<Step, string>();
  const { steps: allowed } = agent.budget;
  if (allowed !== undefined && most(agent.steps, bounds) > allowed) {
    numberAll(agent.steps, { fixed: 0, counted: [] }, bounds, numbers);
  }
  return numbers;
}

/** The most functions and subflows that a run of these steps can take. */
export function most(steps: readonly Step[], bounds: ReadonlyMap<Step, number>): number {
  return steps.reduce((sum, step) => sum + mostOf(step, bounds), 0);
}

function mostOf(step: Step, bounds: ReadonlyMap<Step, number>): number {
  const within = (steps: readonly Step[]) => most(steps, bounds);
  switch (step.kind) {
    case "task":
    case "reason":
    case "subflow":
      return 1;
    case "choose":
      return Math.max(...[...step.branches, step.otherwise].map((branch) => within(branch.steps)));
    case "parallel":
      return Object.values(step.branches).reduce((sum, branch) => sum + within(branch.steps), 0);
    case "each":
      return (bounds.get(step) ?? 0) * within(step.steps);
    case "wait":
    case "approval":
      return 0;
  }
}

function numberAll(
  steps: readonly Step[],
  start: Offset,
  bounds: ReadonlyMap<Step, number>,
  numbers: Map<Step, string>,
): void {
  let offset = start;
  for (const step of steps) {
    numberOne(step, offset, bounds, numbers);
    offset =
      step.kind === "each"
        ? { ...offset, counted: [...offset.counted, `$${countVariable(step.name)} * ${most(step.steps, bounds)}`] }
        : { ...offset, fixed: offset.fixed + mostOf(step, bounds) };
  }
}

function numberOne(step: Step, offset: Offset, bounds: ReadonlyMap<Step, number>, numbers: Map<Step, string>): void {
  const said = (extra: number) => [...offset.counted, String(offset.fixed + extra)].join(" + ");
  if (isWork(step) || step.kind === "subflow") numbers.set(step, said(1));
  if (step.kind === "choose") {
    for (const branch of [...step.branches, step.otherwise]) numberAll(branch.steps, offset, bounds, numbers);
  }
  if (step.kind === "parallel") {
    let { fixed } = offset;
    for (const branch of Object.values(step.branches)) {
      numberAll(branch.steps, { ...offset, fixed }, bounds, numbers);
      fixed += most(branch.steps, bounds);
    }
  }
  if (step.kind === "each") {
    const perItem = most(step.steps, bounds);
    numbers.set(step, `${said(0)} + $states.context.Map.Item.Index * ${perItem}`);
    numberAll(step.steps, { fixed: 0, counted: ["$states.input.number"] }, bounds, numbers);
  }
}
