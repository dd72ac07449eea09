import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";

const permanent = (code: string, message: string) => new HoldfastError(ErrorClass.Permanent, code, message);

/** Text of a document as a message may show it: hostile documents have names of megabytes. */
const shown = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

export const wrongEncoding = (given: string) =>
  permanent("invoice-encoding", `The document is ${given}; only UTF-8 is read. Ask the supplier to send it as UTF-8.`);

export const malformed = (detail: string) =>
  permanent(
    "invoice-malformed",
    `The document is not well-formed XML (line:column: problem): ${shown(detail)}. Only complete, well-formed XML is read. Ask the supplier to send it again.`,
  );

export const hasDoctype = () =>
  permanent(
    "invoice-doctype",
    "The document has a DOCTYPE, which can declare entities that expand without end. UBL has none, so none is read. Ask the supplier for a document without it.",
  );

export const tooComplex = (limit: string) =>
  permanent(
    "invoice-too-complex",
    `The document has more than ${limit}, which no invoice needs. Ask the supplier to split it, or for a UBL 2.1 invoice.`,
  );

export const notUbl = (namespace: string, name: string) =>
  permanent(
    "invoice-not-ubl",
    `The document is a ${shown(name)} of namespace ${shown(namespace)}. UBL 2.1 is read: Invoice of urn:oasis:names:specification:ubl:schema:xsd:Invoice-2, or CreditNote of urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2. Ask the supplier for one of these.`,
  );

export const incomplete = (path: string) =>
  permanent(
    "invoice-incomplete",
    `${path} is missing or empty, and an invoice must have it. Ask the supplier to add it.`,
  );

export const repeated = (path: string) =>
  permanent("invoice-ambiguous", `${path} is there more than once; one is allowed. Ask the supplier which one holds.`);

export const invalidValue = (path: string, value: string, allowed: string) =>
  permanent(
    "invoice-invalid-value",
    `${path} is ${shown(value)}; allowed is ${allowed}. Ask the supplier to correct it.`,
  );
