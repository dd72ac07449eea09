import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Invoice } from "../schemas.ts";
import { parseInvoice } from "../ubl/index.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

export const fixture = (path: string): Uint8Array => readFileSync(new URL(path, FIXTURES));
export const fixtureText = (path: string): string => readFileSync(new URL(path, FIXTURES), "utf8");
export const fixtureNames = (folder: string): string[] => readdirSync(fileURLToPath(new URL(folder, FIXTURES))).sort();

export interface Envelope {
  readonly "detail-type": string;
  readonly source: string;
  readonly detail: { readonly invoiceId: string; readonly document: string; readonly erpExport: string };
}

/** An event, and what its relative URIs point at. */
export function readEvent(name: string) {
  const place = new URL(`events/${name}.json`, FIXTURES);
  const envelope: Envelope & { detail: { payments: string } } = JSON.parse(readFileSync(place, "utf8"));
  const { document, erpExport, payments } = envelope.detail;
  const resolve = (uri: string) => new URL(uri, place).href;
  return {
    envelope,
    document: resolve(document),
    erpExport: resolve(erpExport),
    payments: resolve(payments),
    invoiceId: envelope.detail.invoiceId,
  };
}

/** The clean invoice, with some of it changed. */
export const anInvoice = (changes: Partial<Invoice> = {}): Invoice => ({
  ...parseInvoice(fixture("invoices/clean.xml")),
  ...changes,
});
