import type { ToolDefinition } from "../../definition/index.ts";
import type { ToolResult, Turn } from "./turn.ts";

/**
 * The calls so far whose answers still hold: all that wrote, and of the others those since the last write, since what was
 * read before it, on the same turn too, may be so no more.
 */
export function callsThatHold(turns: readonly Turn[], tools: readonly ToolDefinition[]): readonly ToolResult[] {
  const writers = new Set(tools.filter(({ effect }) => effect === "write").map(({ name }) => name));
  const isWrite = ({ use }: ToolResult) => writers.has(use.name);
  const last = turns.findLastIndex(({ results }) => results.some((each) => isWrite(each) && mayHaveWritten(each)));
  return turns.flatMap(({ results }, turn) => (turn > last ? results : results.filter(isWrite)));
}

/** A tool that refuses may have come half-way; a failure that is told of surely came to nothing. */
const mayHaveWritten = ({ outcome, from }: ToolResult) =>
  from === "call" && (outcome.ok || outcome.failure.domain === "refused");
