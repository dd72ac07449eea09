import type { InvoiceLine } from "../schemas.ts";
import { allowanceOrCharge } from "./allowances.ts";
import { incomplete } from "./problems.ts";
import { all, amountAt, decimalAt, optional, positiveAt, priceAt, requireElement, requireText } from "./read.ts";
import { taxAt } from "./tax.ts";
import type { Element } from "./xml.ts";

/** @param quantity the element that holds the quantity: invoices and credit notes call it differently. */
export function readLine(line: Element, quantity: string, currency: string): InvoiceLine {
  const unit = requireElement(line, quantity).attributes.get("unitCode");
  if (unit === undefined) throw incomplete(`${line.name}/${quantity}/@unitCode`);
  return {
    id: requireText(line, "cbc:ID"),
    description: requireText(line, "cac:Item/cbc:Name"),
    quantity: decimalAt(line, quantity),
    unit,
    unitPrice: priceAt(line, "cac:Price/cbc:PriceAmount", currency),
    baseQuantity: optional(line, "cac:Price/cbc:BaseQuantity", positiveAt) ?? "1",
    allowancesAndCharges: all(line, "cac:AllowanceCharge").map((element) => allowanceOrCharge(element, currency)),
    net: amountAt(line, "cbc:LineExtensionAmount", currency),
    tax: taxAt(line, "cac:Item/cac:ClassifiedTaxCategory"),
  };
}
