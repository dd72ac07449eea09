import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";
import { type TestStateRequest, testState } from "../../../lib/local/engine/index.ts";
import { matches, readRecorded } from "./recorded.ts";

interface RecordedTest {
  readonly name: string;
  readonly definition: Json;
  readonly input: Json;
  readonly call: Omit<TestStateRequest, "definition" | "input">;
  readonly expectedStatus: string;
  readonly expectedOutput: Json;
  readonly expectedError: string | null;
  readonly expectedCause: string | null;
  readonly nextState: string | null;
  readonly inspectionData: JsonObject | null;
}

const recordings = readRecorded<RecordedTest>("test-state.jsonl");

describe.skipIf(recordings.length === 0)("TestState as recorded on AWS (../shared/asl-conformance)", () => {
  it.each(recordings)("$name", (recorded) => {
    const { definition, input, call } = recorded;
    const { output, inspectionData, ...rest } = testState({ ...call, definition, input });
    expect(rest).toEqual({
      status: recorded.expectedStatus,
      error: recorded.expectedError ?? undefined,
      cause: recorded.expectedCause ?? undefined,
      nextState: recorded.nextState ?? undefined,
    });
    expect(matches(recorded.expectedOutput, output ?? null), JSON.stringify(output)).toBe(true);
    expect(matches(recorded.inspectionData, inspectionData ?? null), JSON.stringify(inspectionData)).toBe(true);
  });
});
