import type { StepHandler } from "../../lib/runtime/index.ts";
import type { ExtractInput, Invoice } from "./schemas.ts";
import { checkedTotals } from "./totals.ts";
import { parseInvoice } from "./ubl/index.ts";

/**
 * Reads the supplier's document: what it says, and that its amounts add up.
 *
 * @throws `Holdfast.Permanent`: the document is too large, not UBL, broken or contradicts itself
 */
export const run: StepHandler<ExtractInput, Invoice> = async ({ document }, context) => {
  const invoice = parseInvoice(await context.blobs.read(document));
  checkedTotals(invoice);
  return invoice;
};
