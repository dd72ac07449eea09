import type { Invoice } from "../schemas.ts";
import { all, find, requireText } from "./read.ts";
import type { Element } from "./xml.ts";

/** How many bytes base64 text stands for. */
const decodedLength = (base64: string) => Math.floor((base64.replace(/[\s=]/g, "").length * 3) / 4);

/** The attachments by name and size. What is embedded is not decoded, what is linked is not fetched. */
export const attachmentsOf = (root: Element): Invoice["attachments"] =>
  all(root, "cac:AdditionalDocumentReference").flatMap((reference) => {
    const embedded = find(reference, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject");
    const linked = find(reference, "cac:Attachment/cac:ExternalReference");
    if (embedded === undefined && linked === undefined) return [];
    const name = embedded?.attributes.get("filename") ?? requireText(reference, "cbc:ID");
    return [{ name, bytes: embedded === undefined ? null : decodedLength(embedded.text) }];
  });
