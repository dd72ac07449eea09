import { decimal, toMoney } from "../money.ts";
import { incomplete, invalidValue, repeated } from "./problems.ts";
import type { Element } from "./xml.ts";

const MAX_TEXT = 1000;
// Bounded, since multiplying numbers of a million digits takes hours.
const DECIMAL = /^[+-]?\d{1,15}(\.\d{1,10})?$/;

const place = (parent: Element, path: string) => `${parent.name}/${path}`;

export const all = (parent: Element, name: string): Element[] => parent.children.filter((child) => child.name === name);

/** The element at the end of a path such as "cac:Party/cbc:Name"; each step of it may be there once. */
export function find(parent: Element, path: string): Element | undefined {
  let current: Element | undefined = parent;
  for (const name of path.split("/")) {
    if (current === undefined) return undefined;
    const [first, another]: Element[] = all(current, name);
    if (another !== undefined) throw repeated(place(current, name));
    current = first;
  }
  return current;
}

export function requireElement(parent: Element, path: string): Element {
  const element = find(parent, path);
  if (element === undefined) throw incomplete(place(parent, path));
  return element;
}

export const optional = <T>(parent: Element, path: string, read: (parent: Element, path: string) => T): T | null =>
  find(parent, path) === undefined ? null : read(parent, path);

/** The text at a path on one line, since names go into subjects and messages; null where there is none. */
export function textAt(parent: Element, path: string): string | null {
  const text = find(parent, path)?.text.replace(/\s+/g, " ").trim() ?? "";
  if (text.length > MAX_TEXT) throw invalidValue(place(parent, path), text, `at most ${MAX_TEXT} characters`);
  return text === "" ? null : text;
}

export function requireText(parent: Element, path: string): string {
  const text = textAt(parent, path);
  if (text === null) throw incomplete(place(parent, path));
  return text;
}

export function currencyAt(parent: Element, path: string): string {
  const currency = requireText(parent, path);
  if (!/^[A-Z]{3}$/.test(currency)) throw invalidValue(place(parent, path), currency, "an ISO 4217 code such as EUR");
  return currency;
}

export function dateAt(parent: Element, path: string): string {
  const date = requireText(parent, path);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(date)) {
    throw invalidValue(place(parent, path), date, "a date such as 2025-03-31");
  }
  return date;
}

/** A number without currency: a quantity, a percentage. */
export function decimalAt(parent: Element, path: string): string {
  const text = requireText(parent, path);
  if (!DECIMAL.test(text)) {
    throw invalidValue(place(parent, path), text, "a decimal number of at most 15 digits and 10 decimals");
  }
  return decimal(text).toFixed();
}

export function positiveAt(parent: Element, path: string): string {
  const value = decimalAt(parent, path);
  if (decimal(value).lte(0)) throw invalidValue(place(parent, path), value, "a number above zero");
  return value;
}

/** A price in `currency`, which can have more decimals than money. */
export function priceAt(parent: Element, path: string, currency: string): string {
  const given = requireElement(parent, path).attributes.get("currencyID");
  if (given !== currency) {
    throw invalidValue(`${place(parent, path)}/@currencyID`, given ?? "", `the currency of this amount, ${currency}`);
  }
  return decimalAt(parent, path);
}

/** An amount of money in `currency`. */
export function amountAt(parent: Element, path: string, currency: string): string {
  const amount = decimal(priceAt(parent, path, currency));
  if (!amount.round(2).eq(amount)) {
    throw invalidValue(place(parent, path), amount.toFixed(), "an amount with at most two decimals");
  }
  return toMoney(amount);
}
