import { createSocket } from "node:dgram";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Collector, openCollector } from "../../../lib/local/tracing/collector.ts";
import { datagramOf, documentsOf, type RunDocument } from "../../../lib/local/tracing/datagram.ts";

const HEADER = '{"format":"json","version":1}\n';
const DOCUMENT = {
  id: "463ac35c9f6413ad",
  name: "match",
  trace_id: "1-67891233-abcdef012345678912345678",
  start_time: 1_700_000_000.25,
  end_time: 1_700_000_001.5,
  annotations: { run: "desk-1" },
} as const;

let kept: RunDocument[];
let collector: Collector;
beforeEach(async () => {
  kept = [];
  collector = await openCollector((document) => {
    if (document.annotations.run !== "desk-1") return false;
    kept.push(document);
    return true;
  });
});
afterEach(() => collector.close());

async function sent(...datagrams: readonly (string | Uint8Array)[]) {
  const sender = createSocket("udp4");
  const [address, port] = collector.address.split(":");
  for (const datagram of datagrams) {
    await new Promise((resolve) => sender.send(datagram, Number(port), address, resolve));
  }
  sender.close();
  await collector.flush();
}

describe("a collector", () => {
  it("keeps what is sent as to an X-Ray daemon, without what it does not know", async () => {
    await sent(`${HEADER}${JSON.stringify({ ...DOCUMENT, metadata: { secret: 4711 }, unheard: true })}`);
    expect(kept).toEqual([DOCUMENT]);
    expect(collector.dropped).toBe(0);
  });

  it.each([
    ["nothing at all", ""],
    ["no header", JSON.stringify(DOCUMENT)],
    ["another version", `{"format":"json","version":2}\n${JSON.stringify(DOCUMENT)}`],
    ["no JSON", `${HEADER}{"id":`],
    ["a list", `${HEADER}[]`],
    ["no run", `${HEADER}${JSON.stringify({ ...DOCUMENT, annotations: {} })}`],
    ["a run that is not here", `${HEADER}${JSON.stringify({ ...DOCUMENT, annotations: { run: "desk-2" } })}`],
    ["an id that is none", `${HEADER}${JSON.stringify({ ...DOCUMENT, id: "../../etc" })}`],
    ["a trace id that is none", `${HEADER}${JSON.stringify({ ...DOCUMENT, trace_id: "1-2-3" })}`],
    ["neither an end nor progress", `${HEADER}${JSON.stringify({ ...DOCUMENT, end_time: undefined })}`],
    ["both an end and progress", `${HEADER}${JSON.stringify({ ...DOCUMENT, in_progress: true })}`],
    [
      "a time that is none",
      `${HEADER}{"start_time":1e400,${JSON.stringify(DOCUMENT).slice(1)}`.replace("1700000000.25", "1e400"),
    ],
    [
      "an annotation that is a payload",
      `${HEADER}${JSON.stringify({ ...DOCUMENT, annotations: { run: "desk-1", x: {} } })}`,
    ],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0, 1, 2])],
  ])("drops %s, and counts it", async (_, datagram) => {
    await sent(datagram);
    expect(kept).toEqual([]);
    expect(collector.dropped).toBe(1);
  });

  it("goes on after whatever was sent", async () => {
    await sent("garbage", new Uint8Array(60_000), datagramOf(DOCUMENT));
    expect(kept).toEqual([DOCUMENT]);
    expect(collector.dropped).toBe(2);
  });

  it("has all that was sent before once it is flushed, by whatever socket", async () => {
    const senders = Array.from({ length: 5 }, () => createSocket("udp4"));
    const [address, port] = collector.address.split(":");
    for (let index = 0; index < 500; index++) {
      const id = index.toString(16).padStart(16, "0");
      senders[index % senders.length]?.send(datagramOf({ ...DOCUMENT, id }), Number(port), address);
    }
    await collector.flush();
    for (const sender of senders) sender.close();
    expect(new Set(kept.map(({ id }) => id)).size).toBe(500);
  });

  it("that is closed may be sent to", async () => {
    const other = await openCollector(() => true);
    await other.close();
    expect(() => other.send(datagramOf(DOCUMENT))).toThrow();
  });
});

it("a document of more than 64 KB is none", () => {
  const large = Buffer.from(`${HEADER}${JSON.stringify({ ...DOCUMENT, metadata: "x".repeat(70_000) })}`);
  expect(documentsOf(large)).toEqual([]);
});

it("what is within a document is read as if it had been sent by itself, however deep", () => {
  const { trace_id: _, ...part } = DOCUMENT;
  const nested = {
    ...DOCUMENT,
    subsegments: [{ ...part, id: "1".repeat(16), subsegments: [{ ...part, id: "2".repeat(16) }] }],
  };
  const read = documentsOf(Buffer.from(`${HEADER}${JSON.stringify(nested)}`));
  expect(read.map(({ id, parent_id, trace_id }) => [id, parent_id, trace_id])).toEqual([
    [DOCUMENT.id, undefined, DOCUMENT.trace_id],
    ["1".repeat(16), DOCUMENT.id, DOCUMENT.trace_id],
    ["2".repeat(16), "1".repeat(16), DOCUMENT.trace_id],
  ]);
});

it("no depth makes it throw", () => {
  const bomb = `${'{"subsegments":['.repeat(4_000)}${"]}".repeat(4_000)}`;
  expect(documentsOf(Buffer.from(`${HEADER}${bomb}`))).toEqual([]);
});

it("no bytes make the reader of datagrams throw", () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string().map((text) => Buffer.from(`${HEADER}${text}`)),
    fc.json().map((text) => Buffer.from(`${HEADER}${text}`)),
    fc.dictionary(fc.constantFrom(...Object.keys(DOCUMENT)), fc.anything()).map((part) => {
      return Buffer.from(
        `${HEADER}${JSON.stringify({ ...DOCUMENT, ...part }, (_, value) => (typeof value === "bigint" ? 0 : value))}`,
      );
    }),
  );
  fc.assert(
    fc.property(anything, (datagram) => {
      for (const document of documentsOf(datagram)) expect(typeof document.annotations.run).toBe("string");
    }),
  );
});
