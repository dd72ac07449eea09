import type { KnownAgents, Problem } from "../../lib/definition/index.ts";
import type { Raw } from "./documents.ts";

/** A document with one thing wrong, and the problem that tells of it. */
export interface ProblemCase {
  readonly title: string;
  readonly document: Raw;
  readonly known?: KnownAgents;
  readonly problem: Problem;
}
