import { expect, test } from "vitest";
import { z } from "zod";
import * as schemas from "../schemas.ts";

const named = Object.entries(schemas).filter(([, schema]) => schema instanceof z.ZodType);

test.each(named)("%s is plain JSON Schema: the same for what goes in and what comes out", (_name, schema) => {
  const input = z.toJSONSchema(schema, { io: "input" });
  expect(input).toMatchObject({ type: "object" });
  expect(Object.keys(input.properties ?? {})).toEqual(Object.keys(z.toJSONSchema(schema).properties ?? {}));
});

const event = { invoiceId: "INV-1", document: "file:///a", erpExport: "file:///b", payments: "file:///c/" };

test.each(Object.keys(event))("an event without %s starts nothing", (field) => {
  expect(schemas.InvoiceReceived.safeParse(event).success).toBe(true);
  expect(schemas.InvoiceReceived.safeParse({ ...event, [field]: undefined }).success).toBe(false);
  expect(schemas.InvoiceReceived.safeParse({ ...event, [field]: 7 }).success).toBe(false);
});

test.each(["", "..", ".hidden", "../x", "a/b", "a\\b", "a b", "a\n", "a\0", "ü", "%2e", "x".repeat(65)])(
  "the invoice id %j is refused",
  (invoiceId) => {
    expect(schemas.InvoiceReceived.safeParse({ ...event, invoiceId }).success).toBe(false);
  },
);
