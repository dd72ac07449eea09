import type { Invoice } from "../schemas.ts";
import { readInvoice } from "./invoice.ts";
import { parseXml } from "./xml.ts";

/**
 * Reads a UBL 2.1 Invoice or CreditNote, in the flavour of Peppol BIS Billing 3.
 *
 * @throws `Holdfast.Permanent` with one of the codes in problems.ts
 * @see https://docs.peppol.eu/poacc/billing/3.0/
 */
export const parseInvoice = (document: Uint8Array): Invoice => readInvoice(parseXml(document));
