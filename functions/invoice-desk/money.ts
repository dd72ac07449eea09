import { Big } from "big.js";

export type { Big };

/** The exact value of a decimal string. */
export const decimal = (value: string): Big => new Big(value);

export const sum = (amounts: readonly string[]): Big =>
  amounts.reduce((total, amount) => total.plus(amount), new Big(0));

/** Rounded to cents, halves away from zero as EN 16931 has it, and written with two decimals. */
export const toMoney = (value: Big): string => value.round(2, Big.roundHalfUp).toFixed(2);
