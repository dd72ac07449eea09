import type { z } from "zod";
import { AgentDocument } from "../document.ts";
import { type Visit, walk } from "../walk.ts";
import { checkAgentLevel, type KnownAgents } from "./agent-level.ts";
import { checkErrorRules } from "./error-rules.ts";
import { checkFailures } from "./failures.ts";
import { checkLimits } from "./limits.ts";
import { checkNames } from "./names.ts";
import { checkPeople } from "./people.ts";
import { placeOf } from "./place.ts";
import type { Problem } from "./problem.ts";
import { checkReason } from "./reason.ts";
import { checkReferences } from "./references.ts";
import { checkSize } from "./size.ts";
import { toolProblems, unusedTools } from "./tools.ts";

export type { KnownAgents } from "./agent-level.ts";
export { PROBLEM_CODES, type Problem } from "./problem.ts";
export { toolProblems } from "./tools.ts";

export type CheckResult =
  | { readonly ok: true; readonly agent: AgentDocument }
  /** With the agent where nothing is wrong with its shape. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly agent?: AgentDocument };

/**
 * Validates an agent document and reports every problem at once. Pure; never throws.
 *
 * @param source what a builder or a YAML or JSON file yielded: anything at all.
 * @param known the agents that subflows may name; without it, subflow names are not checked.
 */
export function checkAgent(source: unknown, known?: KnownAgents): CheckResult {
  const unreadable = checkSize(source);
  if (unreadable.length > 0) return { ok: false, problems: unreadable };
  const parsed = AgentDocument.safeParse(source);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(shapeProblems) };
  const agent = parsed.data;
  const problems = [...problemsOf(agent, known)];
  return problems.length === 0 ? { ok: true, agent } : { ok: false, problems, agent };
}

function* problemsOf(agent: AgentDocument, known: KnownAgents | undefined): Generator<Problem, void, undefined> {
  const visits: Visit[] = [];
  for (const visit of walk(agent)) {
    visits.push(visit);
    yield* checkReferences(visit, agent.tools);
    yield* checkFailures(agent, visit);
    yield* checkErrorRules(visit);
    yield* checkLimits(visit);
    yield* checkReason(agent, visit);
  }
  yield* checkNames(agent, visits);
  yield* checkPeople(agent);
  yield* toolProblems(agent.tools, agent.mcpServers, agent);
  yield* unusedTools(agent);
  yield* checkAgentLevel(agent, visits, known);
}

function shapeProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, errors) => (isNearer(errors, best) ? errors : best));
    if (depth(nearest) > 0) {
      return nearest.flatMap((inner) => shapeProblems({ ...inner, path: [...issue.path, ...inner.path] }));
    }
  }
  const message = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
  return [{ code: "invalid-shape", path: placeOf(issue.path), message: message ?? issue.message }];
}

type Issues = readonly z.core.$ZodIssue[];

/** The further into the value an alternative got before it failed, and the less it has against it, the likelier it was meant. */
const isNearer = (issues: Issues, best: Issues) =>
  depth(issues) > depth(best) || (depth(issues) === depth(best) && issues.length < best.length);

function depth(issues: Issues): number {
  const isOther = issues.some(({ code, path }) => code === "unrecognized_keys" && path.length === 0);
  if (isOther) return 0;
  return issues.reduce((deepest, issue) => {
    const within = issue.code === "invalid_union" ? issue.errors.map(depth) : [];
    return Math.max(deepest, issue.path.length + Math.max(0, ...within));
  }, 0);
}
