import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";
import { InvalidDefinition } from "../../../lib/local/engine/index.ts";
import { machine, pass, region, task } from "./machines.ts";
import { runMachine } from "./run-machine.ts";

async function problemsOf(definition: Json): Promise<string[]> {
  try {
    await runMachine(definition);
  } catch (error) {
    if (!(error instanceof InvalidDefinition)) throw error;
    expect(error.message).toBe(
      `Invalid State Machine Definition: '${error.diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`).join(", ")}'`,
    );
    return error.diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
  }
  return [];
}

const succeed = { Type: "Succeed" };
const retry = (...errors: readonly string[][]) => errors.map((names) => ({ ErrorEquals: names }));
const catches = (...errors: readonly string[][]) => errors.map((names) => ({ ErrorEquals: names, Next: "Done" }));

describe("a definition is refused for", () => {
  it.each<[string, JsonObject, string]>([
    [
      "a Next that leads nowhere",
      machine({ A: pass(1, { Next: "Gone" }), B: succeed }, { StartAt: "A" }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: Gone at /States/A/Next",
    ],
    [
      "a StartAt that leads nowhere",
      machine({ A: succeed }, { StartAt: "Gone" }),
      "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: Gone at /StartAt",
    ],
    [
      "a state that nothing leads to",
      machine({ A: succeed, B: succeed }),
      'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
    ],
    [
      "a loop without an end",
      machine({ A: pass(1, { Next: "A" }) }),
      "MISSING_END_STATE: The workflow does not have a terminal state. at /",
    ],
    [
      "a transition out of a branch",
      machine({ A: { Type: "Parallel", Branches: [region({ B: pass(1, { Next: "C" }) })], Next: "C" }, C: succeed }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Branches[0]/States/B/Next",
    ],
    [
      "a name used twice",
      machine({ A: { Type: "Parallel", Branches: [region({ A: pass(1) })], End: true } }),
      "DUPLICATE_STATE_NAME: Duplicate state name: A at /States/A/Branches[0]/States/A",
    ],
    [
      "States.ALL among others",
      machine({ A: task({ Retry: retry(["States.ALL", "Other"]), End: true }) }),
      "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone at /States/A/Retry[0]/ErrorEquals",
    ],
    [
      "States.ALL before others",
      machine({ A: task({ Catch: catches(["States.ALL"], ["Other"]), Next: "Done" }), Done: succeed }),
      "SCHEMA_VALIDATION_FAILED: States.ALL must be the last element at /States/A/Catch[0]/ErrorEquals",
    ],
    [
      "a heartbeat that is due no earlier than the time-out",
      machine({ A: task({ HeartbeatSeconds: 5, TimeoutSeconds: 5, End: true }) }),
      "SCHEMA_VALIDATION_FAILED: HeartbeatSeconds must be smaller than TimeoutSeconds at /States/A/HeartbeatSeconds",
    ],
    [
      "a JSONPath state in a JSONata machine",
      machine({ A: { Type: "Pass", QueryLanguage: "JSONPath", End: true } }),
      "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A/QueryLanguage",
    ],
    [
      "a JSONPath machine",
      { StartAt: "A", States: { A: { Type: "Pass", Result: 1, End: true } } },
      "SCHEMA_VALIDATION_FAILED: States in JSONPath are not run here. Set QueryLanguage to JSONata and rewrite paths as JSONata expressions at /States/A/QueryLanguage",
    ],
    [
      "a field of JSONPath",
      machine({ A: { Type: "Pass", InputPath: "$.a", End: true } }),
      "SCHEMA_VALIDATION_FAILED: Field is not supported by JSONata at /States/A/InputPath",
    ],
    [
      "an unknown field",
      machine({ A: pass(1, { Foo: 1, End: true }) }),
      "SCHEMA_VALIDATION_FAILED: Field is not supported at /States/A/Foo",
    ],
    [
      "an unknown type",
      machine({ A: { Type: "Toast", End: true } }),
      "SCHEMA_VALIDATION_FAILED: Expected one of [Pass, Task, Choice, Wait, Parallel, Map, Succeed, Fail] at /States/A/Type",
    ],
    [
      "a missing field",
      machine({ A: { Type: "Task", End: true } }),
      "SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/A",
    ],
    [
      "both Next and End",
      machine({ A: pass(1, { Next: "B", End: true }), B: succeed }),
      "SCHEMA_VALIDATION_FAILED: A state must have one of the fields [Next, End], and not both at /States/A",
    ],
    [
      "a resource that is none",
      machine({ A: task({ Resource: "lambda", End: true }) }),
      "INVALID_RESOURCE: The resource provided lambda is not recognized. The value is not a valid resource ARN at /States/A/Resource",
    ],
    [
      "$states.result before there is one",
      machine({ A: task({ Arguments: { p: "{% $states.result %}" }, End: true }) }),
      "SCHEMA_VALIDATION_FAILED: $states.result is not available in this field at /States/A/Arguments/p",
    ],
    [
      "$states.result in a Pass",
      machine({ A: pass("{% $states.result.x %}") }),
      "SCHEMA_VALIDATION_FAILED: $states.result is not available in this field at /States/A/Output",
    ],
    [
      "$states.errorOutput outside a Catch",
      machine({ A: task({ Output: "{% [$states.errorOutput.Cause] %}", End: true }) }),
      "SCHEMA_VALIDATION_FAILED: $states.errorOutput is not available in this field at /States/A/Output",
    ],
    [
      "assigning states",
      machine({ A: { Type: "Pass", Assign: { states: 1 }, End: true } }),
      "SCHEMA_VALIDATION_FAILED: The variable name 'states' is reserved and can not be assigned at /States/A/Assign/states",
    ],
    [
      "a variable of an outer scope",
      machine({
        A: { Type: "Pass", Assign: { v: 1 }, Next: "B" },
        B: { Type: "Parallel", Branches: [region({ C: { Type: "Pass", Assign: { v: 2 }, End: true } })], End: true },
      }),
      "SCHEMA_VALIDATION_FAILED: The variable 'v' is assigned in an outer scope and can not be assigned here at /States/B/Branches[0]/States/C/Assign/v",
    ],
    [
      "a literal where an expression must be",
      machine({ A: { Type: "Choice", Choices: [{ Condition: "yes", Next: "B" }], Default: "B" }, B: succeed }),
      "SCHEMA_VALIDATION_FAILED: Expected a JSONata expression at /States/A/Choices[0]/Condition",
    ],
    [
      "a wait of no kind",
      machine({ A: { Type: "Wait", End: true } }),
      "SCHEMA_VALIDATION_FAILED: A Wait state must have one of the fields [Seconds, Timestamp], and not both at /States/A",
    ],
  ])("%s", async (_, definition, problem) => {
    expect(await problemsOf(definition)).toContain(problem);
  });

  it("an expression that does not parse, with the reason", async () => {
    expect(await problemsOf(machine({ A: pass("{% $states.input. %}") }))).toEqual([
      expect.stringMatching(
        /^SCHEMA_VALIDATION_FAILED: The JSONata expression '\$states.input.' is not valid: .+ at \/States\/A\/Output$/,
      ),
    ]);
  });

  it("syntax that JSONata has only had since 2.1", async () => {
    expect(await problemsOf(machine({ A: pass("{% $states.input.a ?? 1 %}") }))).toHaveLength(1);
  });
});

describe("a definition may", () => {
  it.each<[string, JsonObject]>([
    [
      "use JSONata in some states only, as long as all states do",
      { StartAt: "A", States: { A: { ...pass(1), QueryLanguage: "JSONata" } } },
    ],
    [
      "read $states.result in Assign and Output of a Task",
      machine({ A: task({ Assign: { a: "{% $states.result %}" }, Output: "{% $states.result %}", End: true }) }),
    ],
    [
      "read $states.errorOutput in a Catch",
      machine({
        A: task({
          Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Next: "B" }],
          Next: "B",
        }),
        B: succeed,
      }),
    ],
    [
      "reuse a variable's name in a distributed map, which does not see it",
      machine({
        A: { Type: "Pass", Assign: { v: 1 }, Next: "B" },
        B: {
          Type: "Map",
          Items: [1],
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...region({ C: { Type: "Pass", Assign: { v: 2 }, End: true } }),
          },
          End: true,
        },
      }),
    ],
  ])("%s", async (_, definition) => {
    expect(await problemsOf(definition)).toEqual([]);
  });
});
