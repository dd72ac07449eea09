import type { StepHandler } from "../../lib/runtime/index.ts";
import type { Invoice, MatchResult, Notification, NotifyInput } from "./schemas.ts";

const KINDS: Readonly<Record<Invoice["kind"], string>> = { invoice: "Invoice", creditNote: "Credit note" };

const VERDICTS: Readonly<Record<MatchResult["verdict"], string>> = {
  clean: "matches its order",
  tolerable: "matches its order within tolerance",
  mismatch: "does not match",
  duplicate: "was paid before",
};

/** Sums up what became of an invoice. It only words the message: who gets it is the declaration's business. */
export const run: StepHandler<NotifyInput, Notification> = ({ invoiceId, invoice, match, payment }) => {
  const { kind, number, supplier, totals, currency } = invoice;
  const lines = [
    `${KINDS[kind]} ${number} of ${supplier.name} (${invoiceId}): ${totals.payable} ${currency} payable.`,
    match.purchaseOrder === null ? "Purchase order: none found." : `Purchase order: ${match.purchaseOrder}.`,
    ...match.reasons,
    ...match.notes,
    `Proposed: ${payment.amount} ${payment.currency}, in ${payment.object}`,
  ];
  return { subject: `${KINDS[kind]} ${number} of ${supplier.name} ${VERDICTS[match.verdict]}`, text: lines.join("\n") };
};
