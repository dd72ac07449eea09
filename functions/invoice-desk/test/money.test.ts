import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal, sum, toMoney } from "../money.ts";

const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

/** Integer arithmetic, to check decimal arithmetic by. */
function written(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

test("money survives being read and written", () => {
  fc.assert(fc.property(cents, (amount) => toMoney(decimal(written(amount))) === written(amount)));
});

test("a sum is exact to the cent, in any order", () => {
  fc.assert(
    fc.property(fc.array(cents, { maxLength: 50 }), (amounts) => {
      const expected = written(amounts.reduce((total, amount) => total + amount, 0n));
      expect(toMoney(sum(amounts.map(written)))).toBe(expected);
      expect(toMoney(sum(amounts.map(written).reverse()))).toBe(expected);
    }),
  );
});

test("a percentage of an amount is rounded to the cent, halves away from zero", () => {
  fc.assert(
    fc.property(cents, fc.bigInt({ min: 0n, max: 100n }), (amount, rate) => {
      const magnitude = (amount < 0n ? -amount : amount) * rate;
      const rounded = (magnitude + 50n) / 100n;
      const expected = written(amount < 0n ? -rounded : rounded);
      expect(toMoney(decimal(written(amount)).times(rate.toString()).div(100))).toBe(expected);
    }),
  );
});

test.each([
  ["0.1 + 0.2 is 0.30", ["0.10", "0.20"], "0.30"],
  ["nothing sums to 0.00", [], "0.00"],
  ["there is no negative zero", ["-0.004"], "0.00"],
  ["half a cent rounds up", ["1.005"], "1.01"],
  ["half a cent below zero rounds down", ["-1.005"], "-1.01"],
])("%s", (_name, amounts, expected) => {
  expect(toMoney(sum(amounts))).toBe(expected);
});
