import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";
import { hiddenOf, redact, redactText } from "../../../lib/runtime/people/redact.ts";
import { type Canary, FORMS, ORDINARY_KEYS, ORDINARY_TEXTS, SECRET_KEYS, SURROUNDED } from "./secrets.ts";

const REDACTED = "[redacted]";

/** JSON without secrets, whose keys and texts are ordinary. */
const ordinary: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(...ORDINARY_TEXTS, null, true, 0, 1.5, -12, 1_000_000),
    fc.lorem({ mode: "sentences", maxCount: 2 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...ORDINARY_KEYS, "__proto__", "constructor"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** A value of which one leaf, chosen by a number, is put in. */
function planted(value: Json, leaf: (index: number) => Json, place: number): Json {
  if (Array.isArray(value)) {
    const at = place % (value.length + 1);
    return at === value.length ? [...value, leaf(place)] : value.with(at, planted(value[at], leaf, place >> 2));
  }
  if (typeof value !== "object" || value === null) return [value, leaf(place)];
  const entries = Object.entries(value);
  const at = place % (entries.length + 1);
  const found = entries[at];
  return Object.fromEntries(
    found === undefined
      ? [...entries, [`key ${place}`, leaf(place)]]
      : entries.with(at, [found[0], planted(found[1], leaf, place >> 2)]),
  );
}

const places = fc.nat(1_000_000);
const canary = fc.oneof(...Object.values(FORMS));

describe("a secret", () => {
  it.each(Object.entries(FORMS))("is found by its form, whatever stands around it: %s", (_, form) => {
    fc.assert(
      fc.property(form, SURROUNDED, SURROUNDED, ({ shown, secret }, before, after) => {
        const text = redactText(`${before}${shown}${after}`);
        expect(text).not.toContain(secret);
        expect(text).toContain(REDACTED);
        expect(text.startsWith(before)).toBe(true);
        expect(redactText(text)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it("survives nowhere, however many there are, of whatever kind and at whatever place: as value, part of a text or key", () => {
    const many = fc.array(fc.tuple(canary, places, SURROUNDED, fc.boolean()), { minLength: 25, maxLength: 40 });
    fc.assert(
      fc.property(ordinary, many, (value, canaries) => {
        const full = canaries.reduce<Json>(
          (into, [{ shown }, place, around, isKey]) =>
            planted(into, () => (isKey ? { [around + shown]: 1 } : around + shown + around), place),
          value,
        );
        const text = JSON.stringify(redact(full));
        for (const [one] of canaries) expectHidden(text, one);
      }),
    );
  });

  it("is known by the name that it stands under, whatever the value and wherever the name", () => {
    const secret = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 }), fc.record({ user: fc.string() }));
    fc.assert(
      fc.property(ordinary, fc.constantFrom(...SECRET_KEYS), secret, places, (value, key, hidden, place) => {
        const shown = redact(planted(value, () => ({ [key]: hidden }), place));
        expect(shown).toEqual(planted(value, () => ({ [key]: REDACTED }), place));
      }),
    );
  });

  it("is no number, boolean or null, whatever the name that it stands under", () => {
    for (const key of SECRET_KEYS) {
      const value = { [key]: 5, list: [{ [key]: true }, { [key]: null }] };
      expect(redact(value)).toEqual(value);
    }
  });
});

describe("an ordinary value", () => {
  it("stays as it is", () => {
    fc.assert(
      fc.property(ordinary, (value) => {
        expect(JSON.stringify(redact(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each(ORDINARY_TEXTS)("stays as it is: %j", (text) => {
    expect(redactText(text)).toBe(text);
    for (const key of ORDINARY_KEYS) expect(redact({ [key]: text })).toEqual({ [key]: text });
  });

  it("keeps what stands around a secret in a text", () => {
    const url = "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=0123abcd&x-id=GetObject";
    expect(redactText(`GET ${url} failed with 403`)).toBe(
      "GET https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=[redacted]&x-id=GetObject failed with 403",
    );
    expect(redactText("connect postgres://app:hunter2@db:5432/orders refused")).toBe(
      "connect postgres://[redacted]@db:5432/orders refused",
    );
  });
});

const secret: JsonObject = { type: "string", sensitive: true };

describe("what a schema marks", () => {
  it.each<[string, JsonObject, Json, Json]>([
    ["a property", { properties: { iban: secret } }, { iban: "CH93", name: "A" }, { iban: REDACTED, name: "A" }],
    ["the whole", { sensitive: true }, { iban: "CH93" }, REDACTED],
    [
      "a number or an object, too",
      { properties: { a: secret, b: secret } },
      { a: 1, b: {} },
      { a: REDACTED, b: REDACTED },
    ],
    ["writeOnly", { properties: { pin: { writeOnly: true } } }, { pin: "1" }, { pin: REDACTED }],
    ["format password", { properties: { pin: { format: "password" } } }, { pin: "1" }, { pin: REDACTED }],
    ["an item", { items: { properties: { a: secret } } }, [{ a: "1", b: 2 }], [{ a: REDACTED, b: 2 }]],
    ["a place of a tuple", { prefixItems: [{}, secret], items: {} }, ["1", "2", "3"], ["1", REDACTED, "3"]],
    ["the rest of a tuple", { prefixItems: [{}], items: secret }, ["1", "2", "3"], ["1", REDACTED, REDACTED]],
    [
      "other properties",
      { properties: { a: {} }, additionalProperties: secret },
      { a: "1", b: "2" },
      { a: "1", b: REDACTED },
    ],
    [
      "properties of any name",
      { properties: {}, additionalProperties: secret },
      { constructor: "1" },
      { constructor: REDACTED },
    ],
    [
      "a property that every object has",
      { properties: {}, additionalProperties: secret },
      JSON.parse('{"__proto__":"1"}'),
      JSON.parse('{"__proto__":"[redacted]"}'),
    ],
    ["a pattern", { patternProperties: { "^x-": secret } }, { "x-a": "1", a: "2" }, { "x-a": REDACTED, a: "2" }],
    ["a pattern that is none", { patternProperties: { "(": secret } }, { a: "2" }, { a: REDACTED }],
    ["one of two alternatives", { anyOf: [{ type: "string" }, secret] }, "a", REDACTED],
    [
      "one of several shapes",
      { oneOf: [{ properties: { a: {} } }, { properties: { a: secret } }] },
      { a: "1" },
      { a: REDACTED },
    ],
    [
      "one of all parts",
      { allOf: [{ properties: { a: secret } }], properties: { b: {} } },
      { a: "1", b: "2" },
      { a: REDACTED, b: "2" },
    ],
    [
      "a condition's outcome",
      JSON.parse('{"if":{},"then":{"properties":{"a":{"sensitive":true}}}}'),
      { a: "1" },
      { a: REDACTED },
    ],
    ["a definition", { $ref: "#/$defs/a~1b", $defs: { "a/b": secret } }, "1", REDACTED],
    ["a mark beside a reference", { $ref: "#/$defs/a", sensitive: true, $defs: { a: {} } }, "1", REDACTED],
    ["an anchor", { items: { $ref: "#iban" }, $defs: { a: { $anchor: "iban", ...secret } } }, ["1"], [REDACTED]],
    [
      "a reference that leads nowhere",
      { properties: { a: { $ref: "#/$defs/gone" } } },
      { a: "1", b: "2" },
      { a: REDACTED, b: "2" },
    ],
    ["false for sensitive", { properties: { a: { sensitive: false } } }, { a: "1" }, { a: "1" }],
    [
      "a property named like a keyword",
      { properties: { sensitive: {}, format: {} } },
      { sensitive: true, format: "x" },
      { sensitive: true, format: "x" },
    ],
  ])("%s", (_, schema, value, shown) => {
    expect(redact(value, schema)).toEqual(shown);
  });

  it("is found through references that lead in circles", () => {
    const tree: JsonObject = {
      $ref: "#/$defs/node",
      $defs: {
        node: { properties: { name: secret, left: { $ref: "#/$defs/node" }, right: { $ref: "#" } } },
        loop: { anyOf: [{ $ref: "#/$defs/loop" }, { $ref: "#/$defs/node" }] },
      },
    };
    expect(redact({ left: { right: { name: "n" } }, id: 1 }, tree)).toEqual({
      left: { right: { name: REDACTED } },
      id: 1,
    });
    const circle: JsonObject = { $ref: "#/$defs/loop", $defs: { loop: { allOf: [{ $ref: "#/$defs/loop" }] } } };
    expect(redact({ a: 1 }, circle)).toEqual({ a: 1 });
  });

  it("is told, as is what has the name of a secret", () => {
    const schema = { properties: { iban: secret, bank: { sensitive: true } } };
    const value = { iban: "CH93", bank: { name: "B" }, password: "p", count: 1 };
    expect(hiddenOf(value, schema)).toEqual(["CH93", { name: "B" }, "p"]);
  });
});

describe("hostile input", () => {
  it("of any depth is cut", () => {
    const deep = nested(10_000);
    const text = JSON.stringify(redact(deep));
    expect(text).toContain("[too deep]");
    expect(text.length).toBeLessThan(2_000);
    expect(hiddenOf(deep)).toEqual([]);
    expect(JSON.stringify(redact(deep, { items: { $ref: "#" }, properties: { a: { $ref: "#" } } }))).toBe(text);
  });

  it("of any length is answered", () => {
    expect(redactText(`"password":"${'\\\\"'.repeat(8_000_000)}`)).toBe("[too long]");
  });

  it("keeps __proto__ as data", () => {
    const value = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}');
    expect(JSON.stringify(redact(value))).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(redact(value))).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
    const marked = { properties: JSON.parse('{"__proto__":{"sensitive":true}}') };
    expect(JSON.stringify(redact(value, marked))).toContain('"__proto__":"[redacted]"');
  });

  it("keeps apart keys that are alike once redacted", () => {
    const value = { [`ghp_${"a".repeat(36)}`]: 1, [`ghp_${"b".repeat(36)}`]: 2, "[redacted] (1)": 3 };
    expect(Object.values(redact(value) as JsonObject).sort()).toEqual([1, 2, 3]);
  });

  const endless = [
    ...["a", "A", "0", "eyJ", "-eyJ", "eyJa.", "eyJaaaaaaaa.", "AQ", "AAAA", "AKIA", "ghp_", "sk-", "-SG.", "xoxb-"],
    ...[
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN ",
      "-----END PRIVATE KEY-----",
      "http://",
      "a://b:",
      "http://a:b",
      "://:@",
    ],
    ...[
      "Bearer ",
      "bearer bearer",
      "Basic ",
      "basic\t\t",
      "password=",
      "token = ",
      "password",
      "sig=",
      "authorization: basic ",
    ],
    ...['"password":"', 'password\\":\\"', "\\", '\\"', "cookie: a=", "set-cookie:", " ", "\n", "=", "%3D", "X-Amz-"],
  ];
  it.each(endless)("of 300 KB of %j costs no more than in proportion", (part) => {
    const text = part.repeat(300_000 / part.length);
    for (const one of [text, `"password":"${text}`]) {
      const before = process.cpuUsage();
      redactText(one);
      // Of the processor, whoever else needs it: a search for each beginning in all that follows takes several seconds.
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
    }
  });
});

function nested(levels: number): Json {
  let deep: Json = "core";
  for (let level = 0; level < levels; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
  return deep;
}

function expectHidden(text: string, { secret: hidden }: Canary): void {
  expect(text.includes(hidden) || text.includes(JSON.stringify(hidden).slice(1, -1)), hidden).toBe(false);
}
