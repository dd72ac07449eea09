import { ErrorClass } from "../../../contract/index.ts";
import { eventOf, isSchedule, type Trigger } from "../../../definition/index.ts";
import { type Escalation, subflowRunId } from "../../../runtime/index.ts";
import { decideCommand, raiseOf } from "../decide-command.ts";
import { stepNamed } from "../waits.ts";
import { askedOf, type Case, type Cause } from "./case.ts";
import type { Next } from "./next.ts";

/** Something to do. */
export interface Action {
  /** What it is for, and what has to be done before. */
  readonly said: string;
  /** As it can be typed; null where there is nothing to type. */
  readonly command: string | null;
}

/** What whoever looks at a run can do about it, the most likely first. */
export function actions(of: Case, cause: Cause | null, next: Next): readonly Action[] {
  const { status } = of;
  const asked = askedOf(of);
  if (asked !== undefined) return decide(of, asked, cause);
  const { runId } = of.facts;
  switch (next.kind) {
    case "resume":
      return [{ said: "take the open runs up again:", command: "npx holdfast resume" }];
    case "subflow":
      return [{ said: "look at the run that is waited for:", command: command(of, "why", next.run ?? runId) }];
    case "retry":
    case "compensation":
    case "wait":
    case "step":
      return [{ said: "nothing to do; look again later:", command: command(of, "why", runId) }];
    case "people":
      return [{ said: "look again in a moment, for what they are asked:", command: command(of, "why", runId) }];
    case "nothing":
      return status === "completed" || cause === null ? [] : startAgain(of, cause);
  }
}

const command = ({ options: { stack } }: Case, ...words: readonly string[]) =>
  ["npx holdfast", ...words, ...(stack === undefined ? [] : ["--stack", stack])].join(" ");

function decide(of: Case, asked: Escalation, cause: Cause | null): readonly Action[] {
  const { decisions } = asked.incident;
  const part = partOf(of, asked);
  const [given, said] = part === undefined ? likeliest(of, asked, cause) : (["override", ENDED] as const);
  const others = decisions.filter((each) => each !== given).join(", ");
  const alsoOpen = of.open.filter(({ id }) => id !== asked.id).map(({ id, step }) => `${id} (${step})`);
  return [
    { said, command: decideCommand({ id: asked.id, raise: raiseOf(asked) }, given, of.options.stack) },
    ...(others === "" ? [] : [{ said: `or decide otherwise: ${others}.`, command: null }]),
    ...(part === undefined ? [] : [{ said: "see why the run failed that the step has started:", command: part }]),
    { said: "see what it is decided by:", command: command(of, "escalation", asked.id) },
    ...(alsoOpen.length === 0 ? [] : [{ said: `also open: ${alsoOpen.join(", ")}.`, command: null }]),
  ];
}

const ENDED = "a subflow's run stays ended; say what it would have returned, or give the run up:";

/** How to look at the run that a subflow step has started. */
function partOf(of: Case, { runId, incident: { step: name, path } }: Escalation): string | undefined {
  const step = stepNamed(of.document, name);
  return step?.kind === "subflow" ? command(of, "why", subflowRunId(step.agent, runId, path)) : undefined;
}

type Advice = readonly [decision: string, said: string];

const GIVE_UP: Advice = ["abort", "give the run up:"];

/** What people would mostly decide, of what is on offer. What is not to be tried again is answered by them, or given up. */
function likeliest(of: Case, { incident }: Escalation, cause: Cause | null): Advice {
  const { kind, step, decisions } = incident;
  if (kind === "gate" || kind === "approval") return ["approve", "look at what is asked, then approve or reject it:"];
  if (kind === "compensation") return ["retry", "have what is left undone again, or see to it by hand and abort:"];
  const answer: Advice = ["override", `answer in place of ${step}, or give the run up:`];
  const advice = decisions.includes("retry") ? [afterFailure(of, step, cause), answer] : [answer];
  return advice.find(([decision]) => decisions.includes(decision)) ?? GIVE_UP;
}

/** What people would mostly decide about a step that can be tried again. */
function afterFailure({ document }: Case, step: string, cause: Cause | null): Advice {
  switch (cause?.class) {
    case ErrorClass.BudgetExceeded:
      return ["raise", "raise the budget and go on, or give the run up:"];
    case ErrorClass.UnknownOutcome:
      return ["override", `find out whether ${step} took effect; if it did, say what it would have returned:`];
    case ErrorClass.NeedsHuman:
      return ["override", `do what ${step} could not do, and say what it would have returned:`];
    case ErrorClass.Rejected:
      return stepNamed(document, step)?.kind === "reason"
        ? ["override", `answer in place of ${step}; tried again, the same call is asked for again:`]
        : ["retry", "ask again once the objection is met:"];
    case ErrorClass.Denied:
      return ["retry", `give ${step} the permission it lacks, or change what it does; then:`];
    case ErrorClass.InvalidOutput:
    case ErrorClass.Permanent:
    case ErrorClass.InvalidInput:
      return ["retry", `fix ${step} or what it is given; then:`];
    default:
      return ["retry", `once what ${step} needs works again:`];
  }
}

/** A run that has ended stays ended: the same event is known, so another one has to start the next. */
function startAgain(of: Case, cause: Cause): readonly Action[] {
  const { name } = of.document;
  const isUnmended = cause.class === ErrorClass.Rejected || cause.code === "silence";
  const when = isUnmended ? "If it is still wanted" : (FIXED[cause.class] ?? "Once what it needs works again");
  const triggers = triggersOf(of);
  if (triggers.length === 0) {
    return [{ said: `${when}, have the run started again that a run of ${name} is a part of.`, command: null }];
  }
  return triggers.map((trigger, index) => startBy(of, trigger, index === 0 ? when : "Or"));
}

/** What the run can have been started by: of several triggers, those of its event's source. */
function triggersOf({ document: { triggers }, history }: Case): readonly Trigger[] {
  const { event, parent } = startedWith(history[0]?.input);
  if (parent !== undefined) return [];
  const ofSource = triggers.filter((trigger) => eventOf(trigger).source === event?.source);
  return ofSource.length === 0 ? triggers : ofSource;
}

/** Of the input of the execution, with which its first state is entered; the history may leave it out. */
function startedWith(input = "{}"): { readonly event?: { readonly source?: unknown }; readonly parent?: unknown } {
  try {
    return JSON.parse(input);
  } catch {
    // Step Functions cuts long inputs.
    return {};
  }
}

function startBy({ document, options: { stack } }: Case, trigger: Trigger, when: string): Action {
  const { source, detailType } = eventOf(trigger);
  const event = `its event (${source}, ${detailType})`;
  const other = isSchedule(trigger) ? "another time: its schedule starts one by itself" : `another ${trigger.dedupeBy}`;
  if (stack !== undefined) return { said: `${when}, put ${event} on the bus again with ${other}.`, command: null };
  const command = `npx holdfast run ${document.name} --event event.json`;
  return { said: `${when}, start again from ${event} with ${other}:`, command };
}

const FIXED: Readonly<Record<string, string>> = {
  [ErrorClass.Permanent]: "Fix the handler or what it is given",
  [ErrorClass.InvalidOutput]: "Fix the handler or its output schema",
  [ErrorClass.InvalidInput]: "Fix what the step is given",
  [ErrorClass.Denied]: "Give the step the permission it lacks",
  [ErrorClass.BudgetExceeded]: "Raise the budget in the declaration",
  [ErrorClass.UnknownOutcome]: "Find out whether the write took effect; if not",
};
