import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";
import { InvalidDefinition } from "../../../lib/local/engine/index.ts";
import { machine, pass, region } from "./machines.ts";
import { runMachine } from "./run-machine.ts";

const evaluate = async (expression: string, input: Json = {}) =>
  (await runMachine(machine({ Look: pass(`{% ${expression} %}`) }), { input })).execution;

describe("an expression that would not end, or would take all memory, is an evaluation error", () => {
  it.each([
    ["catastrophic backtracking", "$match($pad('', 60, 'a') & '!', /^(a+)+$/)"],
    ["endless tail recursion", "($f := function($n) { $f($n + 1) }; $f(0))"],
    ["endless recursion", "($f := function($n) { 1 + $f($n + 1) }; $f(0))"],
    ["growing without end", "($f := function($a) { $f($append($a, $a)) }; $f([1..1000]))"],
    ["a long text", "$pad('', 100000000, 'x')"],
    ["too many items", "$count([1..9000000])"],
    ["a product of lists", "[1..3000].([1..3000].([1..3000].$))"],
    [
      "data that doubles",
      `($a0 := $pad('', 100000, 'x'); ${Array.from({ length: 60 }, (_, at) => `$a${at + 1} := {'l': $a${at}, 'r': $a${at}}`).join("; ")}; $a60)`,
    ],
  ])("%s, and leaves the next expression unharmed", async (_, expression) => {
    const { status, error } = await evaluate(expression);
    expect({ status, error }).toEqual({ status: "FAILED", error: "States.QueryEvaluationError" });
    expect((await evaluate("$states.input.n + 1", { n: 1 })).output).toBe(2);
  });
});

describe("no expression leads out of its data", () => {
  it.each([
    "$states.input.constructor",
    "$states.input.__proto__",
    "$states.input.toString",
    "$states.constructor",
    "{'a': 1}.constructor",
    "$lookup({'a': 1}, '__proto__')",
    "[1, 2].constructor",
    "'text'.constructor",
    "$sum.constructor",
    "$states.context.Execution.valueOf",
    "$eval('1')",
    "($f := $states.input.constructor; $f('return process')())",
    "($f := {'a': 1}.hasOwnProperty; $f.constructor('return process')())",
    "$process",
    "$globalThis",
  ])("%s", async (expression) => {
    expect((await evaluate(expression, { a: 1 })).error).toBe("States.QueryEvaluationError");
  });

  it("data may have the names that objects inherit", async () => {
    const input: Json = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "hasOwnProperty": 3, "toString": 4}');
    const { output } = await evaluate("$states.input", input);
    expect(JSON.stringify(output)).toBe(JSON.stringify(input));
    expect((await evaluate("$states.input.__proto__.a", input)).output).toBe(1);
    expect((await evaluate("$states.input.(constructor + hasOwnProperty + toString)", input)).output).toBe(9);
    const grouped = await evaluate("$merge([$states.input, {'__proto__': 5}])", input);
    expect(Object.keys(grouped.output as JsonObject)).toContain("__proto__");
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it("so may variables and outputs", async () => {
    const assign: JsonObject = JSON.parse('{"constructor": 1, "__proto__": 2}');
    const definition = machine({
      Set: { Type: "Pass", Assign: assign, Next: "Look" },
      Look: pass(JSON.parse('{"__proto__": "{% $constructor %}"}')),
    });
    const { execution } = await runMachine(definition);
    expect(JSON.stringify(execution.output)).toBe('{"__proto__":1}');
  });
});

describe("definitions and inputs beyond reason are refused", () => {
  const nested = (depth: number): Json => {
    let value: Json = 1;
    for (let level = 0; level < depth; level++) value = [value];
    return value;
  };

  it("a definition nested 100 000 deep", async () => {
    await expect(runMachine(machine({ Deep: pass(nested(100_000)) }))).rejects.toThrow(InvalidDefinition);
  });

  it("regions nested 200 deep", async () => {
    let inner: JsonObject = region({ Innermost: pass(1) });
    for (let level = 0; level < 200; level++)
      inner = region({ [`L${level}`]: { Type: "Parallel", Branches: [inner], End: true } });
    await expect(runMachine({ QueryLanguage: "JSONata", ...inner })).rejects.toThrow("TOO_DEEPLY_NESTED");
  });

  it("a definition of 10 MB", async () => {
    await expect(runMachine(machine({ Big: pass("x".repeat(10_000_000)) }))).rejects.toThrow(InvalidDefinition);
  });

  it.each<Json>([null, [], "text", 1, {}, { StartAt: 1, States: [] }, { StartAt: "A", States: { A: null } }])(
    "%j",
    async (definition) => {
      await expect(runMachine(definition)).rejects.toThrow(InvalidDefinition);
    },
  );

  it("an input of 10 MB, or nested 100 000 deep", async () => {
    const code = "InvalidExecutionInput";
    await expect(evaluate("1", "x".repeat(10_000_000))).rejects.toMatchObject({ code });
    await expect(evaluate("1", nested(100_000))).rejects.toMatchObject({ code });
  });
});
