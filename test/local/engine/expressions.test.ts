import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../lib/contract/index.ts";
import { isBounded } from "../../../lib/local/engine/expression/bounded.ts";
import { compileExpression, type Evaluation } from "../../../lib/local/engine/expression/expression.ts";
import { realm } from "../../../lib/local/engine/expression/realm.ts";
import { bytesOf } from "../../../lib/local/engine/expression/size.ts";
import { toJson } from "../../../lib/local/engine/expression/to-json.ts";
import { machine, pass } from "./machines.ts";
import { runMachine } from "./run-machine.ts";

const evaluate = async (expression: string, input: Json = {}) =>
  (await runMachine(machine({ Look: pass(`{% ${expression} %}`) }), { input })).execution;

describe("the functions that Step Functions adds to JSONata", () => {
  it.each<[string, Json]>([
    ["$partition([1, 2, 3, 4], 3)", [[1, 2, 3], [4]]],
    ["$partition([1, 2], 1.9)", [[1], [2]]],
    ["$range(1, 9, 2)", [1, 3, 5, 7, 9]],
    ["$range(9, 1, -4)", [9, 5, 1]],
    ["$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["$length($hash('', 'SHA-512'))", 128],
    ["$parse('{\"a\": [1, null]}').a", [1, null]],
    ["$random(7) = $random(7)", true],
    ["$random() >= 0 and $random() < 1", true],
    ["$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/).index", 0],
  ])("%s", async (expression, expected) => {
    expect((await evaluate(expression)).output).toEqual(expected);
  });

  it.each(["$partition([1], 0)", "$range(1, 9, 0)", "$hash('a', 'CRC')", "$parse('{')", "$eval('1')"])(
    "%s fails",
    async (expression) => {
      expect((await evaluate(expression)).error).toBe("States.QueryEvaluationError");
    },
  );
});

describe("what an evaluation error says", () => {
  it.each([
    ["$states.input.none", "returned nothing (undefined)."],
    ["$sum", "returned nothing (undefined)."],
    [
      "1 + 'a'",
      'threw an error during evaluation. T2002: The right side of the "+" operator must evaluate to a number',
    ],
    ["$error('mine')", "threw an error during evaluation. D3137: mine"],
  ])("%s", async (expression, what) => {
    expect((await evaluate(expression)).cause).toBe(
      `An error occurred while executing the state 'Look' (entered at the event id #2). The JSONata expression '${expression}' specified for the field 'Output' ${what}`,
    );
  });

  it("names the kind of value that a field takes", async () => {
    const definition = machine({ Look: { Type: "Wait", Seconds: "{% 'a' & 'b' %}", End: true } });
    expect((await runMachine(definition)).execution.cause).toContain(
      "The JSONata expression ''a' & 'b'' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: \"ab\"",
    );
  });
});

const surroundings = { now: 0, random: () => 0, uuid: () => "" };
const names = fc.constantFrom("a", "b", "c", "constructor");
const data = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom<Json>(null, 1, "text", true, []),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe("a plain path", () => {
  it("gives what JSONata itself gives", () => {
    fc.assert(
      fc.property(data, fc.array(names, { maxLength: 4 }), (value, fields) => {
        const source = ["$v", ...fields].join(".");
        const bindings = { v: toJson(value).value };
        const evaluation: Evaluation = {
          lookup: (name) => (name === "v" ? bindings.v : undefined),
          bindings: () => bindings,
          surroundings,
          timeBox: (run) => run(1000),
        };
        const outcome = (of: string) => {
          try {
            return JSON.stringify(compileExpression(of).evaluate(evaluation));
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(source)).toBe(outcome(`(${source})`));
      }),
    );
  });
});

describe("what is watched while it is evaluated", () => {
  const bounded = (source: string) => isBounded(realm().parse(source).ast());

  it.each([
    "$a.b.c = 'x' and $not($a.d)",
    "{'a': $states.input.b, 'c': [1, -$d]}",
    "$exists($a) ? $substring($a, 1) : null",
  ])("not %s", (source) => {
    expect(bounded(source)).toBe(true);
  });

  it.each([
    "$match($a, /x/)",
    "$a.($b.($c.d))",
    "$a[b = 1]",
    "function($x) { $x }",
    "[1..10]",
    "$map($a, $string)",
    "$a{b: c}",
    "$a^(b)",
    "$a ~> |b|{'c': 1}|",
    "$replace($a, 'b', 'c')",
    "($f := $map; $f($a, $b))",
    "$a.*",
    "$a.**",
  ])("but %s", (source) => {
    expect(bounded(source)).toBe(false);
  });
});

describe("the size of a value", () => {
  it("is that of its UTF-8 JSON, whether counted while copying or later", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { value: copy, bytes } = toJson(value);
        const expected = Buffer.byteLength(JSON.stringify(copy));
        expect(bytes).toBe(expected);
        expect(bytesOf(JSON.parse(JSON.stringify(copy)))).toBe(expected);
      }),
    );
  });
});
