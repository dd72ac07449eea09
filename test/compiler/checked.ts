import { type AgentDocument, type AnyFlow, checkAgent, documentOf } from "../../lib/definition/index.ts";

/** The document of a declaration that passes its check. */
export function checked(declared: AnyFlow): AgentDocument {
  const result = checkAgent(documentOf(declared));
  if (result.ok) return result.agent;
  throw new Error(JSON.stringify(result.problems, null, 2));
}
