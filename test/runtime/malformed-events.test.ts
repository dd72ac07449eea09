import fc from "fast-check";
import { expect, it } from "vitest";
import type { AgentEntry } from "../../lib/definition/index.ts";
import { startBatch } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";

const RUNS = Number(process.env.HOLDFAST_MALFORMED ?? 1_000);

const agent: AgentEntry = {
  name: "desk",
  input: {
    type: "object",
    properties: { invoiceId: { type: "string", minLength: 1 }, total: { type: "number" } },
    required: ["invoiceId", "total"],
    additionalProperties: false,
  },
  triggers: [
    { source: "erp", detailType: "Received", dedupeBy: "invoiceId" },
    { name: "nightly", schedule: "rate(1 day)", timezone: "UTC", input: { invoiceId: "all", total: 0 } },
  ],
  budget: {},
};

const detail = { invoiceId: "A-1", total: 5 };
const EVENTS = [
  { id: "e-1", source: "erp", "detail-type": "Received", detail },
  { id: "e-1", source: "holdfast.schedule", "detail-type": "nightly", time: "2026-01-31T06:00:00Z", detail },
];
const event = fc.constantFrom(...EVENTS);
const other = fc
  .jsonValue()
  .filter((value) => !["erp", "Received", "nightly"].includes(typeof value === "object" ? "" : String(value)));

/** Each is wrong by how it is made. */
const malformed = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.tuple(event, fc.nat(60)).map(([one, length]) => JSON.stringify(one).slice(0, length)),
  fc
    .tuple(event, fc.constantFrom("id", "source", "detail-type", "detail"))
    .map(([one, key]) => JSON.stringify({ ...one, [key]: undefined })),
  fc
    .tuple(event, fc.constantFrom("source", "detail-type", "detail"), other)
    .filter(([, key, value]) => key !== "detail" || typeof value !== "object" || value === null || !("total" in value))
    .map(([one, key, value]) => JSON.stringify({ ...one, [key]: value })),
  fc
    .tuple(event, fc.constantFrom("invoiceId", "total"))
    .map(([one, key]) => JSON.stringify({ ...one, detail: { ...detail, [key]: undefined } })),
  fc
    .tuple(event, fc.constantFrom(null, true, [], {}, ""), fc.constantFrom("invoiceId", "total"))
    .map(([one, value, key]) => JSON.stringify({ ...one, detail: { ...detail, [key]: value } })),
  fc
    .tuple(
      event,
      fc.string().filter((key) => !Object.hasOwn(detail, key)),
      fc.jsonValue(),
    )
    .map(([one, key, value]) => JSON.stringify({ ...one, detail: { ...detail, [`more ${key}`]: value } })),
  fc.constantFrom("", "2026-99-99T00:00:00Z", "now").map((time) => JSON.stringify({ ...EVENTS[1], time })),
);

it(`of ${RUNS} malformed messages none starts a run, and each is kept with its reason`, {
  timeout: 600_000,
}, async () => {
  const ports = testPorts();
  let messages = 0;
  await fc.assert(
    fc.asyncProperty(malformed, async (body) => {
      messages += 1;
      const messageId = String(messages);
      ports.kept.length = 0;
      const [start] = await startBatch(ports, agent, "machine", [{ messageId, body }]);
      expect(start).toMatchObject({ kind: "kept", messageId });
      expect(ports.kept).toMatchObject([{ messageId, body, reason: { name: "Holdfast.InvalidInput" } }]);
    }),
    { numRuns: RUNS },
  );
  expect(messages).toBeGreaterThanOrEqual(RUNS);
  expect(ports.started).toEqual([]);
  for (const status of ["running", "failed"] as const)
    expect(await ports.store.runs({ agent: "desk", status, limit: 10 })).toEqual([]);
});

it("the events that they are made from do start runs", async () => {
  const ports = testPorts();
  const batch = EVENTS.map((one, index) => ({ messageId: String(index), body: JSON.stringify(one) }));
  const starts = await startBatch(ports, agent, "machine", batch);
  expect(starts.map(({ kind }) => kind)).toEqual(["started", "started"]);
});
