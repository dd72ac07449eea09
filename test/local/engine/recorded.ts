import { existsSync, readFileSync } from "node:fs";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";

/** A state machine recorded on AWS, with the outcomes of its tasks in their order. */
export interface RecordedCase {
  readonly name: string;
  readonly class: "pure" | "task" | "external";
  readonly definition: Json;
  readonly input: Json;
  readonly recordedInput?: Json;
  readonly expectedStatus: string;
  readonly expectedOutput: Json;
  readonly expectedError: string | null;
  readonly expectedCause: string | null;
  readonly tasks: readonly { state: string; result?: Json; error?: string; cause?: string }[];
}

/** Cases recorded on AWS live beside the project, where they are present at all. */
const FOLDER = new URL("../../../../shared/asl-conformance/", import.meta.url);

/** Empty where the recordings are absent. */
export function readRecorded<Line>(file: string): readonly Line[] {
  const path = new URL(file, FOLDER);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Whether a value is what was recorded; words in angle brackets and the like stand for what differed on every run. */
export function matches(recorded: Json, found: Json | undefined): boolean {
  if (typeof recorded === "string") return matchesText(recorded, found);
  if (typeof found === "string") return matchesParsed(recorded, found);
  if (typeof recorded !== "object" || recorded === null) return recorded === found;
  if (typeof found !== "object" || found === null || Array.isArray(recorded) !== Array.isArray(found)) return false;
  if (Array.isArray(recorded))
    return (
      recorded.length === (found as Json[]).length && recorded.every((item, at) => matches(item, (found as Json[])[at]))
    );
  const [left, right] = [recorded as JsonObject, found as JsonObject];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => name in left && name in right && matches(left[name] ?? null, right[name]));
}

const WILDCARD = /^(timestamp|date|start-date|stop-date|snf_role_arn|sfn_role_arn)$|<[^<>]+>/;

function matchesText(recorded: string, found: Json | undefined): boolean {
  if (recorded === found) return true;
  if (found === undefined) return false;
  if (WILDCARD.test(recorded)) return true;
  if (typeof found === "string") return matchesParsed(found, recorded) || false;
  return matchesParsed(found, recorded);
}

/** Recordings keep some JSON as text and some as data. */
function matchesParsed(data: Json, text: string): boolean {
  if (typeof data === "string") return false;
  try {
    return matches(data, JSON.parse(text));
  } catch {
    return false;
  }
}
