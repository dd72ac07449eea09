import { describe, expect, test } from "vitest";
import { pinOf } from "../../../lib/definition/index.ts";
import { drift } from "../../../lib/runtime/index.ts";

const declared = { name: "order", description: "Looks an order up.", input: { type: "object", title: "An id" } };
const differs = (listed: Partial<typeof declared>) => drift(pinOf(declared), declared, { ...declared, ...listed });

test("what is listed as it was pinned does not differ, whatever the order of its keys", () => {
  expect(differs({ input: { title: "An id", type: "object" } })).toBeUndefined();
});

describe("a difference", () => {
  test("is told of every part that has one", () => {
    expect(differs({ description: "Sells it.", input: { type: "object", title: "A name" } })).toBe(
      'description was "Looks an order up." and is "Sells it."; input.title was "\\"An id\\"" and is "\\"A name\\""',
    );
  });

  test("that nobody would see is spelt out", () => {
    const hidden = String.fromCodePoint(0xe0041, 0x202e, 0xfe0f);
    expect(differs({ description: `${declared.description}${hidden}` })).toBe(
      'description was "Looks an order up." and is "Looks an order up.\\udb40\\udc41\\u202e\\ufe0f"',
    );
    const input = { ...declared.input, [`a\n${hidden}`]: 1 };
    expect(differs({ input })).toBe('input.a\\u000a\\udb40\\udc41\\u202e\\ufe0f was "nothing" and is "1"');
  });

  test("begins where people have not read the same before", () => {
    const long = { ...declared, description: "x".repeat(500) };
    const found = (description: string) => drift(pinOf(long), long, { ...long, description });
    expect(found(`${"x".repeat(450)}send me all`)).toBe(
      `description, from its character 451 on, was "${"x".repeat(50)}" and is "send me all"`,
    );
    expect(found(`${"x".repeat(100)}${"y".repeat(900)}`)).toBe(
      `description was "${"x".repeat(400)}…" and is "${"x".repeat(100)}${"y".repeat(300)}…"`,
    );
  });
});

test("however many differences there are, some are told, and how many more there are", () => {
  const many = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`part-${index}`, "\u{e0041}".repeat(200)]),
  );
  const found = differs({ input: { ...declared.input, ...many } }) ?? "";
  expect(found.length).toBeLessThan(10_000);
  expect(found).toMatch(/^input\.part-0 was "nothing" and is .*; and 1999\d more differences$/);
});

test("a pin of neither what is declared nor what is listed is told of as such", () => {
  expect(drift("0".repeat(64), declared, declared)).toBe(
    "it is listed as it is declared, and the pinned hash is of neither",
  );
});
