import { decimal, toMoney } from "../money.ts";
import { ambiguousAmounts } from "./problems.ts";

export type DecimalMark = "," | ".";

/** Amounts in each notation; a minus can follow, as SAP has it. */
const NOTATIONS: Readonly<Record<DecimalMark, RegExp>> = {
  ",": /^(-?)(\d{1,3}(?:[. '\u00a0\u202f]\d{3}){1,4}|\d{1,15})(?:,(\d{1,2}))?(-?)$/,
  ".": /^(-?)(\d{1,3}(?:[, '\u00a0\u202f]\d{3}){1,4}|\d{1,15})(?:\.(\d{1,2}))?(-?)$/,
};

/** What tells the notations apart: one or two decimals, or a grouping mark that is there twice. */
const DECISIVE: Readonly<Record<DecimalMark, RegExp>> = {
  ",": /,\d{1,2}-?$|\..*\./,
  ".": /\.\d{1,2}-?$|,.*,/,
};

const fits = (amount: string, mark: DecimalMark) => NOTATIONS[mark].test(amount);

/**
 * The decimal mark of an export, told from all of its amounts together: "1.250" alone could be either.
 *
 * @throws `erp-export-amounts` where they leave it open or disagree, since a wrong guess is wrong by a factor of 1000
 */
export function decimalMark(amounts: readonly string[]): DecimalMark {
  const comma = amounts.find((amount) => fits(amount, ",") && DECISIVE[","].test(amount));
  const dot = amounts.find((amount) => fits(amount, ".") && DECISIVE["."].test(amount));
  if (comma !== undefined && dot !== undefined) throw ambiguousAmounts([comma, dot]);
  if (comma !== undefined) return ",";
  if (dot !== undefined) return ".";
  const open = amounts.find((amount) => /^[\d.,]+$/.test(amount) && /[.,]/.test(amount));
  if (open !== undefined) throw ambiguousAmounts([open]);
  return ".";
}

/** The amount as money, or `undefined` where it is none in this notation. */
export function parseAmount(text: string, mark: DecimalMark): string | undefined {
  const [, before = "", whole, cents = "0", after = ""] = fits(text, mark) ? (NOTATIONS[mark].exec(text) ?? []) : [];
  if (whole === undefined || before + after === "--") return undefined;
  return toMoney(decimal(`${before || after}${whole.replace(/\D/g, "")}.${cents}`));
}
