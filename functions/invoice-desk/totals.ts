import { ErrorClass, HoldfastError } from "../../lib/contract/index.ts";
import { type Big, decimal, sum, toMoney } from "./money.ts";
import type { AllowanceOrCharge, Invoice, InvoiceLine, Totals } from "./schemas.ts";
import { taxGroups } from "./tax-groups.ts";

/** An amount that the invoice states, beside what its own lines come to. */
interface Claim {
  readonly what: string;
  /** The business rule of EN 16931, or of Peppol BIS Billing 3, that ties the two together. */
  readonly rule: string;
  readonly stated: string;
  readonly computed: string;
  /** By how much they may differ. None unless given. */
  readonly slack?: string;
}

/** Suppliers round unit prices, so Peppol grants each line this much. */
const LINE_SLACK = "0.02";

const total = (list: readonly AllowanceOrCharge[], kind: AllowanceOrCharge["kind"]): Big =>
  sum(list.filter((one) => one.kind === kind).map(({ amount }) => amount));

function lineNet({ quantity, unitPrice, baseQuantity, allowancesAndCharges }: InvoiceLine): string {
  const goods = decimal(quantity).times(unitPrice).div(baseQuantity);
  return toMoney(
    decimal(toMoney(goods)).minus(total(allowancesAndCharges, "allowance")).plus(total(allowancesAndCharges, "charge")),
  );
}

/** The totals that the lines, allowances and charges come to. Only prepaid and rounding have to be taken as stated. */
export function recompute(invoice: Invoice): Totals {
  const { prepaid, rounding } = invoice.totals;
  const net = sum(invoice.lines.map((line) => line.net));
  const allowance = total(invoice.allowancesAndCharges, "allowance");
  const charge = total(invoice.allowancesAndCharges, "charge");
  const taxExclusive = net.minus(allowance).plus(charge);
  const tax = sum(taxGroups(invoice).map((group) => group.computed.amount));
  const taxInclusive = taxExclusive.plus(tax);
  return {
    lineNet: toMoney(net),
    allowance: toMoney(allowance),
    charge: toMoney(charge),
    taxExclusive: toMoney(taxExclusive),
    tax: toMoney(tax),
    taxInclusive: toMoney(taxInclusive),
    prepaid,
    rounding,
    payable: toMoney(taxInclusive.minus(prepaid).plus(rounding)),
  };
}

function claims(invoice: Invoice, computed: Totals): Claim[] {
  const { totals: stated } = invoice;
  const claim = (what: string, rule: string, key: keyof Totals): Claim => ({
    what,
    rule,
    stated: stated[key],
    computed: computed[key],
  });
  return [
    ...invoice.lines.map((line) => ({
      what: `net amount of line ${line.id}`,
      rule: "PEPPOL-EN16931-R120",
      stated: line.net,
      computed: lineNet(line),
      slack: LINE_SLACK,
    })),
    claim("sum of line net amounts", "BR-CO-10", "lineNet"),
    claim("sum of allowances", "BR-CO-11", "allowance"),
    claim("sum of charges", "BR-CO-12", "charge"),
    claim("total without tax", "BR-CO-13", "taxExclusive"),
    ...taxGroups(invoice).flatMap(({ name, stated, computed }) => [
      { what: `taxable amount of ${name}`, rule: "BR-S-08", stated: stated.taxable, computed: computed.taxable },
      { what: `tax of ${name}`, rule: "BR-CO-17", stated: stated.amount, computed: computed.amount },
    ]),
    claim("total tax", "BR-CO-14", "tax"),
    claim("total with tax", "BR-CO-15", "taxInclusive"),
    claim("amount payable", "BR-CO-16", "payable"),
  ];
}

const disagrees = ({ stated, computed, slack = "0" }: Claim) => decimal(stated).minus(computed).abs().gt(slack);

/**
 * The totals of an invoice, recomputed and found to be those that it states.
 *
 * @throws `Holdfast.Permanent`, code `invoice-inconsistent`, with both amounts of each claim that does not hold
 * @see https://docs.peppol.eu/poacc/billing/3.0/rules/ubl-tc434/
 */
export function checkedTotals(invoice: Invoice): Totals {
  const totals = recompute(invoice);
  const wrong = claims(invoice, totals).filter(disagrees);
  if (wrong.length === 0) return totals;
  const list = wrong.slice(0, 10).map(({ what, rule, stated, computed }) => {
    return `${what} is stated as ${stated} and comes to ${computed} (${rule})`;
  });
  throw new HoldfastError(
    ErrorClass.Permanent,
    "invoice-inconsistent",
    `Invoice ${invoice.number} contradicts itself: ${list.join("; ")}. Ask the supplier for a corrected invoice.`,
  );
}
