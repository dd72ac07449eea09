import type { AgentDocument, Problem } from "../definition/index.ts";
import { compile } from "./compile.ts";
import { worstCase } from "./worst-case.ts";

/** AWS Step Functions quotas: bytes of a definition, events of an execution's history. */
const LARGEST_MACHINE = 1_048_576;
const LONGEST_HISTORY = 25_000;
/** Substituted ARNs are longer than their placeholders. */
const ARN = 140;

/** What only the compiled machine of a checked agent shows: whether AWS takes it, and whether a run can come to its end. */
export function limitProblems(agent: AgentDocument): Problem[] {
  const problems: Problem[] = [];
  const definition = JSON.stringify(compile(agent));
  const bytes = Buffer.byteLength(definition) + ARN * definition.split("${").length;
  if (bytes > LARGEST_MACHINE) {
    problems.push({
      code: "machine-too-large",
      path: "steps",
      message: `The state machine has about ${bytes} bytes; AWS takes ${LARGEST_MACHINE}. Move steps into a subflow.`,
    });
  }
  const { historyEvents } = worstCase(agent);
  if (historyEvents > LONGEST_HISTORY) {
    problems.push({
      code: "history-too-long",
      path: "steps",
      message: `The worst case of a run has ${historyEvents} history events; AWS allows ${LONGEST_HISTORY}. Lower maxItems or retries, or move steps into a subflow.`,
    });
  }
  return problems;
}
