import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";
import { matches, type RecordedCase, readRecorded } from "./recorded.ts";
import { runMachine, type ScriptedOutcome, scriptedTasks } from "./run-machine.ts";

interface RecordedHistory {
  readonly name: string;
  readonly events: readonly { id: number; previousEventId: number; type: string }[];
}

const cases = readRecorded<RecordedCase>("cases.jsonl").filter(({ class: kind }) => kind !== "external");
const histories = new Map(readRecorded<RecordedHistory>("histories.jsonl").map(({ name, events }) => [name, events]));

function run({ definition, input, recordedInput, tasks }: RecordedCase) {
  const script: Record<string, ScriptedOutcome[]> = {};
  for (const { state, result, error, cause } of tasks) {
    script[state] ??= [];
    script[state].push(error === undefined ? { result: result ?? null } : { error, cause: cause ?? "" });
  }
  return runMachine(definition, { input: recordedInput ?? input, tasks: scriptedTasks(script) });
}

describe.skipIf(cases.length === 0)(
  "executions recorded on AWS (../shared/asl-conformance, skipped where absent)",
  () => {
    it.each(cases)("$name ends as recorded", async (recorded) => {
      const { execution } = await run(recorded);
      const { status, error, cause } = execution;
      expect({ status, error, cause }).toEqual({
        status: recorded.expectedStatus,
        error: recorded.expectedError ?? undefined,
        cause: recorded.expectedCause ?? undefined,
      });
      if (recorded.expectedStatus === "SUCCEEDED")
        expect(matches(recorded.expectedOutput, execution.output), JSON.stringify(execution.output)).toBe(true);
    });

    it.each(cases)("$name has the recorded history", async (recorded) => {
      const { history } = await run(recorded);
      const expected = histories.get(recorded.name) ?? [];
      const outline = ({ id, previousEventId, type }: { id: number; previousEventId: number; type: string }) =>
        `${id} after ${previousEventId}: ${type}`;
      expect(history.map(outline)).toEqual(expected.map(outline));
      const found: JsonObject[] = JSON.parse(JSON.stringify(history));
      const scripted = expected.filter(({ type }) => type !== "TaskSubmitted");
      const differing = scripted.filter((event) => !matches(event as Json, found[event.id - 1] ?? null));
      expect(differing).toEqual([]);
    });
  },
);
