import { z } from "zod";
import { flatSegments, type NestedSegment, parseJson, type SegmentDocument } from "../../contract/index.ts";

const HEADER = { format: "json", version: 1 };
/** Largest segment document (AWS X-Ray developer guide: segment documents). */
const LARGEST_BYTES = 64 * 1_024;

const id = z.string().regex(/^[0-9a-f]{16}$/);
const time = z.number().positive().max(1e11);
/** In the place of one that the document around it says. */
const NO_TRACE = `1-${"0".repeat(8)}-${"0".repeat(24)}`;
const flag = z.boolean().exactOptional();
const text = z.string().max(1_000).exactOptional();

/** What is kept of a document. Of what is beyond it, nothing is known, and so nothing is shown. */
const Document = z
  .object({
    id,
    name: z.string().min(1).max(200),
    trace_id: z.string().regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    parent_id: id.exactOptional(),
    type: z.literal("subsegment").exactOptional(),
    start_time: time,
    end_time: time.exactOptional(),
    in_progress: z.literal(true).exactOptional(),
    namespace: text,
    origin: text,
    error: flag,
    throttle: flag,
    fault: flag,
    cause: z.object({ exceptions: z.array(z.object({ id, type: text, message: text })).max(10) }).exactOptional(),
    annotations: z
      .object({ run: z.string().min(1).max(250) })
      .catchall(z.union([z.string().max(1_000), z.number(), z.boolean()])),
    aws: z.object({ operation: text }).exactOptional(),
  })
  .refine(({ end_time: end, in_progress: open }) => (end === undefined) === (open === true));

/** Within another, a document need not say of what it is a part. */
const Nested: z.ZodType<object> = Document.and(z.object({ subsegments: z.lazy(() => z.array(Part)).exactOptional() }));
const Part: z.ZodType<object> = z.preprocess(
  (part) => (typeof part === "object" && part !== null ? { trace_id: NO_TRACE, ...part } : part),
  Nested,
);

/** A document that belongs to a run. */
export type RunDocument = SegmentDocument & { readonly annotations: { readonly run: string } };

/** What is sent to an X-Ray daemon: a line that says of what kind it is, and a document. */
export const datagramOf = (document: SegmentDocument): Buffer =>
  Buffer.from(`${JSON.stringify(HEADER)}\n${JSON.stringify(document)}`);

/** The documents of a datagram, each as if it had been sent by itself; none where it is none, is too large, or belongs to no run. Never throws. */
export function documentsOf(datagram: Uint8Array): RunDocument[] {
  if (datagram.byteLength > LARGEST_BYTES) return [];
  const [head = "", ...rest] = Buffer.from(datagram).toString("utf8").split("\n");
  if (Header.safeParse(parseJson(head)).success === false) return [];
  try {
    return flatSegments(Nested.parse(parseJson(rest.join("\n"))) as NestedSegment) as RunDocument[];
  } catch {
    // What is no document, or is nested deeper than anything is that a run sends.
    return [];
  }
}

const Header = z.object({ format: z.literal(HEADER.format), version: z.literal(HEADER.version) });
