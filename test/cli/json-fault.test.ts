import { expect, it } from "vitest";
import { jsonFault } from "../../lib/cli/json-fault.ts";

it.each(["", "{", '{"a": tru', '{"a": "b', "[1,", "-", '"\\u12'])("%j ends too early", (text) => {
  expect(jsonFault(text)).toBe("it ends too early");
});

it.each<[string, number, number]>([
  ["nulx", 1, 4],
  ["[1,]", 1, 4],
  ["[1,\n  ]", 2, 3],
  ['{"a": 1} b', 1, 10],
  ["{'a': 1}", 1, 2],
  ["[01]", 1, 3],
  ['["\\u12x"]', 1, 7],
  ['{"a": "b\n"}', 1, 9],
  ["\ufeff{}", 1, 1],
])("%j is wrong at line %i, column %i", (text, line, column) => {
  expect(jsonFault(text)).toBe(`what stands at line ${line}, column ${column} has no place there`);
});
