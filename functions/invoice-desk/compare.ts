import { doubts } from "./doubts.ts";
import { comparable, type ErpExport, type Order } from "./erp/index.ts";
import { type Big, decimal, toMoney } from "./money.ts";
import type { Invoice, MatchResult } from "./schemas.ts";
import { checkedTotals } from "./totals.ts";

type Found = { readonly order: Order } | { readonly order: null; readonly problem: string };

interface Deviation {
  readonly expected: Big;
  readonly difference: Big;
  readonly size: "none" | "tolerable" | "intolerable";
}

function findOrder(number: string | null, { orders }: ErpExport): Found {
  const missing = (problem: string): Found => ({ order: null, problem });
  if (number === null) return missing("It names no purchase order.");
  const entry = orders.get(number);
  switch (entry?.state) {
    case undefined:
      return missing(`Purchase order ${number} is not in the ERP export.`);
    case "contradictory":
      return missing(
        `The ERP export contradicts itself on order ${number}, in lines ${entry.lines.slice(0, 10).join(", ")}.`,
      );
    case "invalid":
      return missing(`The ERP export has order ${number} in line ${entry.line}, but ${entry.problem}.`);
    case "order":
      return { order: entry.order };
  }
}

/** Credit is still taken on a closed order, and nothing is on a blocked one. */
const accepts = ({ status }: Order, kind: Invoice["kind"]) =>
  status === "open" || (status === "closed" && kind === "creditNote");

function atSuppliersRate({ exchangeRate: rate, currency }: Invoice, net: Big, target: string): string {
  if (rate === null || rate.from !== currency || rate.to !== target) return "";
  const amount = rate.operator === "multiply" ? net.times(rate.rate) : net.div(rate.rate);
  return ` At the supplier's own rate it comes to ${toMoney(amount)} ${target}.`;
}

function conflicts(invoice: Invoice, order: Order, net: Big): string[] {
  const { supplier, currency, kind } = invoice;
  const reasons: string[] = [];
  if (comparable(supplier.id) !== comparable(order.supplier)) {
    reasons.push(`It is from ${supplier.name} (${supplier.id}), and the order is with ${order.supplier}.`);
  }
  if (!accepts(order, kind)) reasons.push(`Order ${order.number} is ${order.status}.`);
  if (currency !== order.currency) {
    const rate = atSuppliersRate(invoice, net, order.currency);
    reasons.push(`It is in ${currency}, and the order is in ${order.currency}.${rate}`);
  } else if (kind === "invoice" && net.plus(order.invoiced).gt(decimal(order.ordered).plus(order.tolerance))) {
    reasons.push(`It brings what is invoiced to ${toMoney(net.plus(order.invoiced))}; ordered were ${order.ordered}.`);
  }
  return reasons;
}

/** How far the invoice is from what its order leaves to be invoiced or, for a credit note, to be credited. */
function measure({ kind }: Invoice, order: Order, net: Big): Deviation {
  const credit = kind === "creditNote";
  const expected = credit ? decimal(order.invoiced) : decimal(order.received).minus(order.invoiced);
  // A part may be credited, so only what goes beyond the invoiced amount is off.
  const difference = credit && net.lt(expected) ? decimal("0") : net.minus(expected);
  const size = difference.eq(0) ? "none" : difference.abs().lte(order.tolerance) ? "tolerable" : "intolerable";
  return { expected, difference, size };
}

const deviationReason = ({ expected, difference, size }: Deviation) =>
  `It is off by ${toMoney(difference)} from the ${toMoney(expected)} expected, which the order ${size === "tolerable" ? "tolerates" : "does not tolerate"}.`;

function notesOn({ precedingInvoices, supplier }: Invoice, erp: ErpExport): string[] {
  const unpaid = precedingInvoices.filter((number) => !erp.isPaid(supplier.id, number));
  return [...unpaid.map((number) => `It corrects invoice ${number}, which is not paid.`), ...erp.notes];
}

/**
 * Compares an invoice, before tax, with its purchase order: goods received but not invoiced yet are to be paid, and a
 * credit note can give back what was invoiced.
 *
 * `duplicate`: its number was paid already. `mismatch`: a person has to look at it. `tolerable`: off by no more than
 * the order tolerates. `clean`: just as expected.
 *
 * @throws `Holdfast.Permanent`, code `invoice-inconsistent`
 */
export function compareWithErp(invoice: Invoice, erp: ErpExport): MatchResult {
  const net = decimal(checkedTotals(invoice).taxExclusive);
  const found = findOrder(invoice.purchaseOrder, erp);
  const { order } = found;
  const problems = [...(order === null ? [found.problem] : conflicts(invoice, order, net)), ...doubts(invoice)];
  const deviation = order?.currency === invoice.currency ? measure(invoice, order, net) : null;
  const paid = erp.isPaid(invoice.supplier.id, invoice.number);

  const verdict = () => {
    if (paid) return "duplicate";
    if (problems.length > 0 || deviation?.size === "intolerable") return "mismatch";
    return deviation?.size === "tolerable" ? "tolerable" : "clean";
  };
  return {
    verdict: verdict(),
    purchaseOrder: order?.number ?? null,
    expected: deviation && toMoney(deviation.expected),
    difference: deviation && toMoney(deviation.difference),
    reasons: [
      ...(paid ? [`Invoice ${invoice.number} of ${invoice.supplier.name} was paid already.`] : []),
      ...problems,
      ...(deviation === null || deviation.size === "none" ? [] : [deviationReason(deviation)]),
    ],
    notes: notesOn(invoice, erp),
  };
}
