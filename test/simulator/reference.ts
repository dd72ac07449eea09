import type { Json } from "../../lib/contract/index.ts";
import {
  type AgentDocument,
  defaultLadder,
  failureEdges,
  type Step,
  type SubflowStep,
  type TaskStep,
  type Value,
  type WorkStep,
} from "../../lib/definition/index.ts";
import { holds, meaningOf } from "../compiler/reference-semantics.ts";
import type { Exit } from "./history.ts";
import { Lookahead } from "./lookahead.ts";
import { classOf } from "./reference-errors.ts";

type Data = Readonly<Record<string, unknown>>;
type StoppedEnd = "failed" | "abandoned";
type End = StoppedEnd | "completed";

/** How a sequence of steps goes: on, with what it has added to the data, or not. */
type Way = { readonly kind: "on"; readonly data: Data } | Stop;
type Stop =
  | { readonly kind: "stopped"; readonly ends: readonly StoppedEnd[] }
  | { readonly kind: "done"; readonly output: unknown };

/** What a document means for a run of which the steps and the people answered so. */
export interface Expected {
  readonly ends: readonly End[];
  /** Of a completed run. */
  readonly output: unknown;
  /** What each step that the run may get to is given, by path. */
  readonly inputs: ReadonlyMap<string, unknown>;
  /** What the state machine decided by itself, in any order: `<path> <kind> <chosen>`. */
  readonly ways: readonly string[];
}

/** Reads a document as plain JavaScript would, with neither compiler nor engine. */
export function expectedOf(agent: AgentDocument, input: Json, exits: readonly Exit[]): Expected {
  const reading = new Reading(agent, new Lookahead(exits));
  const way = reading.sequence(agent.steps, { input }, "");
  const { inputs, ways } = reading;
  if (way.kind === "stopped")
    return { ends: way.ends.map((end) => reading.close(end)), output: undefined, inputs, ways };
  const output = way.kind === "done" ? way.output : meaningOf(agent.output ?? lastOutput(agent), way.data);
  return { ends: ["completed"], output, inputs, ways };
}

function lastOutput({ steps }: AgentDocument): Value {
  const last = steps.at(-1);
  return last === undefined || last.kind === "choose" || last.kind === "wait" ? {} : { $from: last.name };
}

const stopped = (end: StoppedEnd): Stop => ({ kind: "stopped", ends: [end] });

class Reading {
  readonly inputs = new Map<string, unknown>();
  readonly ways: string[] = [];

  constructor(
    private readonly agent: AgentDocument,
    private readonly exits: Lookahead,
  ) {}

  sequence(steps: readonly Step[], data: Data, prefix: string): Way {
    let known = data;
    for (const step of steps) {
      const way = this.#step(step, known, prefix);
      if (way.kind !== "on") return way;
      known = way.data;
    }
    return { kind: "on", data: known };
  }

  /** A run that is given up stays so: people can have the undoing tried again, and nothing more. */
  close(end: StoppedEnd): StoppedEnd {
    if (end === "failed") return end;
    const ladder = defaultLadder(this.agent) ?? "";
    while (this.exits.isAsked("compensate")) {
      const answer = this.exits.answerTo("compensate", "compensation", this.#tiers(ladder));
      if (answer?.decision !== "retry") return end;
    }
    return end;
  }

  #step(step: Step, data: Data, prefix: string): Way {
    const path = prefix + step.name;
    switch (step.kind) {
      case "wait":
        return { kind: "on", data };
      case "task":
      case "reason":
      case "subflow":
        return this.#work(step, data, path);
      case "approval":
        return this.#question(step.name, "approval", step.ladder, step.onReject, data, path, (decision) => ({
          kind: "on",
          data: { ...data, [step.name]: decision },
        }));
      case "choose": {
        const branch = step.branches.find(({ when }) => holds(when, data));
        const chosen = branch ?? step.otherwise;
        this.ways.push(`${path} choice ${branch?.name ?? "otherwise"}`);
        const way = this.sequence(chosen.steps, data, prefix);
        if (way.kind !== "on") return way;
        return chosen.end === undefined
          ? { kind: "on", data: way.data }
          : { kind: "done", output: meaningOf(chosen.end.output, way.data) };
      }
      case "parallel": {
        const ways = Object.entries(step.branches).map(([name, { steps, output = {} }]) => ({
          name,
          output,
          way: this.sequence(steps, data, `${path}/${name}/`),
        }));
        const result = collected(ways.map(({ way }) => way));
        if (result !== undefined) return result;
        const outputs = ways.map(({ name, output, way }) => [
          name,
          way.kind === "on" ? meaningOf(output, way.data) : null,
        ]);
        return { kind: "on", data: { ...data, [step.name]: Object.fromEntries(outputs) } };
      }
      case "each": {
        const items = meaningOf(step.items, data) as readonly unknown[];
        const ways = items.map((item, index) =>
          this.sequence(step.steps, { ...data, [step.as]: item }, `${path}#${index}/`),
        );
        const result = collected(ways);
        if (result !== undefined) return result;
        const outputs = ways.map((way) => (way.kind === "on" ? meaningOf(step.output ?? {}, way.data) : null));
        return { kind: "on", data: { ...data, [step.name]: outputs } };
      }
    }
  }

  #work(step: WorkStep | SubflowStep, data: Data, path: string): Way {
    const ladder = defaultLadder(this.agent);
    const onReject = failureEdges(step.onFailure, ladder).get("Holdfast.Rejected") ?? "compensate";
    const perform = (): Way => {
      this.inputs.set(path, meaningOf(step.input, data));
      const last = this.exits.outcomeOfStep(path);
      if (last === undefined) return { kind: "stopped", ends: ["failed", "abandoned"] };
      if ("output" in last) return { kind: "on", data: { ...data, [step.name]: last.output } };
      if (last.failed === "Holdfast.NeedsApproval")
        return this.#question(step.name, "gate", ladder ?? "", onReject, data, path, perform);
      const edges = failureEdges(step.onFailure, ladder);
      const outcome = edges.get(classOf(last.failed)) ?? "fail";
      return this.#outcome(step.name, outcome, data, path, perform);
    };
    const gate = step.kind === "task" ? gateOf(step, ladder) : undefined;
    if (gate === undefined) return perform();
    return this.#question(step.name, "gate", gate, onReject, data, path, perform);
  }

  #question(
    name: string,
    kind: string,
    ladder: string,
    onReject: unknown,
    data: Data,
    path: string,
    approved: (decision: unknown) => Way,
  ): Way {
    const answer = this.exits.answerTo(path, kind, this.#tiers(ladder));
    if (answer === undefined) return stopped(this.#silence(ladder));
    if (answer.decision === "approve") {
      const { decision, by, at, note } = answer;
      return approved({ decision, by, at, note });
    }
    const again = () => this.#question(name, kind, ladder, onReject, data, path, approved);
    return answer.decision === "reject" ? this.#outcome(name, onReject, data, path, again) : stopped("abandoned");
  }

  #outcome(name: string, outcome: unknown, data: Data, path: string, retry: () => Way): Way {
    if (outcome === "fail") return stopped("failed");
    if (typeof outcome !== "object" || outcome === null) return stopped("abandoned");
    if ("continueWith" in outcome) {
      this.ways.push(`${path} stand-in continueWith`);
      return { kind: "on", data: { ...data, [name]: meaningOf(outcome.continueWith as Value, data) } };
    }
    const ladder = "escalate" in outcome ? String(outcome.escalate) : "";
    const answer = this.exits.answerTo(path, "failure", this.#tiers(ladder));
    if (answer === undefined) return stopped(this.#silence(ladder));
    if (answer.decision === "retry") return retry();
    if (answer.decision === "override") return { kind: "on", data: { ...data, [name]: answer.output ?? null } };
    return stopped("abandoned");
  }

  #tiers(ladder: string): number {
    return this.agent.escalations[ladder]?.tiers.length ?? 0;
  }

  #silence(ladder: string): StoppedEnd {
    return this.agent.escalations[ladder]?.otherwise === "abort" ? "failed" : "abandoned";
  }
}

/** How things side by side end: they all go on, or any of those that stop is the first. */
function collected(ways: readonly Way[]): Stop | undefined {
  const ends = ways.flatMap((way) => (way.kind === "stopped" ? way.ends : []));
  return ends.length === 0 ? undefined : { kind: "stopped", ends };
}

function gateOf(step: TaskStep, ladder: string | undefined): string | undefined {
  if (step.effect !== "write") return undefined;
  if (step.gate === undefined) return ladder;
  return "ladder" in step.gate ? step.gate.ladder : undefined;
}
