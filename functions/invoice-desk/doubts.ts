import { decimal } from "./money.ts";
import type { Invoice } from "./schemas.ts";

/** Above the highest VAT rate of the EU, 27 % in Hungary. */
const HIGHEST_TAX_RATE = "30";
/** Rounding is for the last coins. */
const MOST_ROUNDING = "1.00";

/** What adds up but raises the amount payable past the purchase order, which is compared before tax. */
export function doubts({ taxes, totals }: Invoice): string[] {
  const { taxInclusive, prepaid, rounding } = totals;
  const highRates = taxes.filter(({ rate }) => decimal(rate).gt(HIGHEST_TAX_RATE));
  return [
    ...highRates.map(
      ({ rate }) => `It charges tax at ${rate} %, and ${HIGHEST_TAX_RATE} % is the most to be expected.`,
    ),
    ...(decimal(prepaid).times(taxInclusive).lt(0)
      ? [`Its prepaid amount of ${prepaid} raises the amount payable instead of lowering it.`]
      : []),
    ...(decimal(rounding).abs().gt(MOST_ROUNDING)
      ? [`It is rounded by ${rounding}, and ${MOST_ROUNDING} is the most to be expected.`]
      : []),
  ];
}
