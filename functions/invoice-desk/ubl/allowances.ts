import type { AllowanceOrCharge } from "../schemas.ts";
import { invalidValue } from "./problems.ts";
import { amountAt, requireText, textAt } from "./read.ts";
import type { Element } from "./xml.ts";

const KINDS: ReadonlyMap<string, AllowanceOrCharge["kind"]> = new Map([
  ["true", "charge"],
  ["1", "charge"],
  ["false", "allowance"],
  ["0", "allowance"],
]);

export function allowanceOrCharge(element: Element, currency: string): AllowanceOrCharge {
  const indicator = requireText(element, "cbc:ChargeIndicator");
  const kind = KINDS.get(indicator);
  if (kind === undefined) throw invalidValue("cac:AllowanceCharge/cbc:ChargeIndicator", indicator, "true or false");
  return {
    kind,
    reason: textAt(element, "cbc:AllowanceChargeReason"),
    amount: amountAt(element, "cbc:Amount", currency),
  };
}
