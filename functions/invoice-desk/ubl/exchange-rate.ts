import type { ExchangeRate } from "../schemas.ts";
import { invalidValue } from "./problems.ts";
import { currencyAt, positiveAt, requireElement, textAt } from "./read.ts";
import type { Element } from "./xml.ts";

const OPERATORS: ReadonlyMap<string, ExchangeRate["operator"]> = new Map([
  ["multiply", "multiply"],
  ["divide", "divide"],
]);

export function exchangeRateAt(parent: Element, path: string): ExchangeRate {
  const element = requireElement(parent, path);
  const given = textAt(element, "cbc:MathematicOperatorCode") ?? "Multiply";
  const operator = OPERATORS.get(given.toLowerCase());
  if (operator === undefined) throw invalidValue(`${path}/cbc:MathematicOperatorCode`, given, "Multiply or Divide");
  return {
    from: currencyAt(element, "cbc:SourceCurrencyCode"),
    to: currencyAt(element, "cbc:TargetCurrencyCode"),
    rate: positiveAt(element, "cbc:CalculationRate"),
    operator,
  };
}
