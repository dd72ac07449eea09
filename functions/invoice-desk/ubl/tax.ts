import type { Invoice, Tax } from "../schemas.ts";
import { incomplete, invalidValue, repeated } from "./problems.ts";
import { all, amountAt, decimalAt, find, requireElement, requireText } from "./read.ts";
import type { Element } from "./xml.ts";

/** A tax category with its rate. Only category O, "not subject to VAT", has none (EN 16931, BR-48). */
export function taxAt(parent: Element, path: string): Tax {
  const element = requireElement(parent, path);
  const category = requireText(element, "cbc:ID");
  const rateless = category === "O" && find(element, "cbc:Percent") === undefined;
  const rate = rateless ? "0" : decimalAt(element, "cbc:Percent");
  if (rate.startsWith("-")) throw invalidValue(`${element.name}/cbc:Percent`, rate, "zero or more");
  return { category, rate };
}

/** The tax total in a currency: there is one in the invoice's, and one in that in which tax is declared. */
export function taxTotalIn(root: Element, currency: string): Element {
  const [total, another] = all(root, "cac:TaxTotal").filter(
    (candidate) => requireElement(candidate, "cbc:TaxAmount").attributes.get("currencyID") === currency,
  );
  const path = `${root.name}/cac:TaxTotal in ${currency}`;
  if (total === undefined) throw incomplete(path);
  if (another !== undefined) throw repeated(path);
  return total;
}

export const taxesOf = (total: Element, currency: string): Invoice["taxes"] =>
  all(total, "cac:TaxSubtotal").map((subtotal) => ({
    ...taxAt(subtotal, "cac:TaxCategory"),
    taxable: amountAt(subtotal, "cbc:TaxableAmount", currency),
    amount: amountAt(subtotal, "cbc:TaxAmount", currency),
  }));
