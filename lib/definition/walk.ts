import type { AgentDocument } from "./document.ts";
import { effectOf } from "./effect.ts";
import { standIns } from "./outcomes.ts";
import { Scope } from "./scope.ts";
import type { End, Step } from "./steps.ts";
import { isReference, type Reference, type Value } from "./value.ts";
import { isWork, type WorkStep } from "./work-steps.ts";

/** A step with the place where it stands. */
export interface StepVisit {
  readonly kind: "step";
  readonly step: Step;
  /** Where in the document, such as `steps[2].branches[0].steps[1]`. */
  readonly at: string;
  /** What the step can refer to. Valid during the visit only. */
  readonly scope: Scope;
  /** Inside a parallel branch or an item, where the run cannot be ended early. */
  readonly nested: boolean;
  /** Every way to it ends the run before. */
  readonly unreachable: boolean;
}

/** A value that is evaluated where a sequence of steps ends. */
export interface ValueVisit {
  readonly kind: "output" | "end";
  readonly value: Value;
  readonly at: string;
  readonly scope: Scope;
  readonly nested: boolean;
}

export type Visit = StepVisit | ValueVisit;

/** Goes through a document in the order of its steps, once, with what is in scope at each place. */
export function* walk(agent: AgentDocument): Generator<Visit, void, undefined> {
  const scope = Scope.ofInput(agent.input);
  yield* walkSteps(agent.steps, "steps", scope, false);
  if (agent.output !== undefined) yield { kind: "output", value: agent.output, at: "output", scope, nested: false };
}

/** The visits of a sequence, and whether it always ends the run. */
type Walk = Generator<Visit, boolean, undefined>;

function* walkSteps(steps: readonly Step[], at: string, scope: Scope, nested: boolean): Walk {
  let ended = false;
  for (const [index, step] of steps.entries()) {
    const place = `${at}[${index}]`;
    yield { kind: "step", step, at: place, scope, nested, unreachable: ended };
    ended = (yield* walkStep(step, place, scope, nested)) || ended;
  }
  return ended;
}

function* walkStep(step: Step, at: string, scope: Scope, nested: boolean): Walk {
  let endings = 0;
  const inner = new Map<string, Scope>();
  if (step.kind === "choose") {
    const branches = [
      ...step.branches.map((branch, index) => ({ branch, at: `${at}.branches[${index}]` })),
      { branch: step.otherwise, at: `${at}.otherwise` },
    ];
    for (const { branch, at: place } of branches) {
      const own = scope.nested();
      const ended = yield* walkSteps(branch.steps, `${place}.steps`, own, nested);
      if (ended || branch.end !== undefined) endings += 1;
      if (branch.end !== undefined) yield endVisit(branch.end, place, own, nested);
      scope.mayNotHaveRun(namesIn(branch.steps));
    }
  } else if (step.kind === "parallel") {
    for (const [name, branch] of Object.entries(step.branches)) {
      const own = scope.nested();
      inner.set(name, own);
      yield* walkSteps(branch.steps, `${at}.branches.${name}.steps`, own, true);
      if (branch.output !== undefined) {
        yield { kind: "output", value: branch.output, at: `${at}.branches.${name}.output`, scope: own, nested: true };
      }
    }
  } else if (step.kind === "each") {
    const own = scope.nested();
    inner.set(step.as, own);
    own.define(step.as, scope.itemOf(step.items));
    yield* walkSteps(step.steps, `${at}.steps`, own, true);
    if (step.output !== undefined) {
      yield { kind: "output", value: step.output, at: `${at}.output`, scope: own, nested: true };
    }
  }
  const output = scope.outputOf(step, (name) => inner.get(name));
  if (output !== undefined) scope.define(step.name, output);
  return step.kind === "choose" && endings > step.branches.length;
}

const endVisit = (end: End, at: string, scope: Scope, nested: boolean): ValueVisit => ({
  kind: "end",
  value: end.output,
  at: `${at}.end.output`,
  scope,
  nested,
});

/** The steps directly in a step, whatever its kind. */
export function substeps(step: Step): readonly Step[] {
  switch (step.kind) {
    case "choose":
      return [...step.branches, step.otherwise].flatMap((branch) => branch.steps);
    case "parallel":
      return Object.values(step.branches).flatMap((branch) => branch.steps);
    case "each":
      return step.steps;
    case "task":
    case "reason":
    case "wait":
    case "approval":
    case "subflow":
      return [];
  }
}

/** Every step of a list, those inside others included, in document order. */
export function* allSteps(steps: readonly Step[]): Generator<Step, void, undefined> {
  for (const step of steps) {
    yield step;
    yield* allSteps(substeps(step));
  }
}

function namesIn(steps: readonly Step[]): string[] {
  return [...allSteps(steps)].map((step) => step.name);
}

/** The references of a value, wherever in it they stand. */
function* referencesIn(value: Value): Generator<Reference, void, undefined> {
  if (isReference(value)) yield value;
  else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) yield* referencesIn(part);
}

/** The references of a document that may lead to nothing, because a property on their way is optional. */
export function optionalReferences(agent: AgentDocument): ReadonlySet<string> {
  const optional = new Set<string>();
  for (const visit of walk(agent)) {
    const values = visit.kind === "step" ? valuesOf(visit.step) : [visit.value];
    for (const reference of values.flatMap((value) => [...referencesIn(value)])) {
      const resolved = visit.scope.resolve(reference);
      if (resolved.kind !== "found" || resolved.place.optional) optional.add(reference.$from);
    }
  }
  return optional;
}

function valuesOf(step: Step): Value[] {
  const others = standIns(step).map(({ value }) => value);
  switch (step.kind) {
    case "task":
    case "reason":
    case "subflow":
      return [step.input, ...others];
    case "approval":
      return [step.request, ...(step.recommendation === undefined ? [] : [step.recommendation]), ...others];
    case "choose":
    case "parallel":
    case "each":
    case "wait":
      return [];
  }
}

/** A step that can be undone, and the module that undoes it. */
export type UndoableStep = WorkStep & { readonly compensate: string };

/** The writes of an agent, by what becomes of them when a run is given up. */
export interface Writes {
  readonly undoable: readonly UndoableStep[];
  /** They declare no way to undo them, and not that nothing has to be undone. */
  readonly lasting: readonly WorkStep[];
}

export function writesOf(agent: AgentDocument): Writes {
  const steps = [...allSteps(agent.steps)].filter(isWork);
  return {
    undoable: steps.filter((step): step is UndoableStep => typeof step.compensate === "string"),
    lasting: steps.filter((step) => effectOf(agent, step) === "write" && step.compensate === undefined),
  };
}
