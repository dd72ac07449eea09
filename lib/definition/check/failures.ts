import { type AgentDocument, defaultLadder } from "../document.ts";
import { effectOf } from "../effect.ts";
import { declaredOutcomes } from "../outcomes.ts";
import { failureEdges } from "../policies.ts";
import type { Visit } from "../walk.ts";
import { isWork } from "../work-steps.ts";
import { listed, type Problem } from "./problem.ts";

/** Every error class of every step leads somewhere, every ladder named exists, every write is gated or says why not. */
export function checkFailures(agent: AgentDocument, visit: Visit): Problem[] {
  if (visit.kind !== "step") return [];
  const { step, at } = visit;
  const ladder = defaultLadder(agent);
  const problems: Problem[] = [];
  const requireLadder = (name: string, path: string) => {
    if (Object.hasOwn(agent.escalations, name)) return;
    const allowed = Object.keys(agent.escalations);
    problems.push({
      code: "unknown-ladder",
      path,
      message: `There is no ladder ${name}. Allowed: ${listed(allowed)}; ladders are declared under escalations.`,
    });
  };

  if (step.kind === "approval") requireLadder(step.ladder, `${at}.ladder`);
  for (const { outcome, at: place } of declaredOutcomes(step)) {
    if (typeof outcome === "object" && "escalate" in outcome)
      requireLadder(outcome.escalate, `${at}.${place}.escalate`);
  }
  if (isWork(step) || step.kind === "subflow") {
    const edges = [...failureEdges(step.onFailure, ladder)];
    const open = edges.filter(([, outcome]) => outcome === undefined).map(([name]) => name);
    if (open.length > 0) {
      problems.push({
        code: "error-class-without-edge",
        path: `${at}.onFailure`,
        message: `${listed(open)} of step ${step.name} leads nowhere. Declare onFailure (escalate, compensate, fail or continueWith), or a ladder under escalations${Object.keys(agent.escalations).length > 1 ? " and name it in defaultLadder" : ""}.`,
      });
    }
  }
  if (isWork(step)) {
    const effect = effectOf(agent, step);
    if (effect !== "write" && step.compensate !== undefined) {
      const fix = step.kind === "task" ? "set effect: write" : "name a tool that writes";
      problems.push({
        code: "compensation-without-write",
        path: `${at}.compensate`,
        message: `Step ${step.name} has effect ${effect}; only writes are undone. Remove compensate, or ${fix}.`,
      });
    }
  }
  if (step.kind === "task") {
    if (step.effect !== "write") {
      if (step.gate !== undefined) {
        problems.push({
          code: "gate-without-write",
          path: `${at}.gate`,
          message: `Step ${step.name} has effect ${step.effect}; only writes are gated. Remove the gate, or set effect: write.`,
        });
      }
    } else if (step.gate !== undefined && "ladder" in step.gate) {
      requireLadder(step.gate.ladder, `${at}.gate.ladder`);
    } else if (step.gate === undefined && ladder === undefined) {
      problems.push({
        code: "ungated-write",
        path: `${at}.gate`,
        message: `Step ${step.name} writes (effect unset means write) and nobody approves it. Declare a gate, a default ladder, effect: none or read, or gate: { none: "<why nobody has to approve>" }.`,
      });
    }
  }
  return problems;
}
