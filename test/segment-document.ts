import { z } from "zod";
import { flatSegments } from "../lib/contract/index.ts";

/**
 * Segments and subsegments as the X-Ray daemon takes them.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
const id = z.string().regex(/^[0-9a-f]{16}$/);
const name = z.string().regex(/^[\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]{1,200}$/u);
/** Seconds since the epoch, not milliseconds. */
const time = z.number().min(1_000_000_000).max(10_000_000_000);

const exception = z.strictObject({
  id,
  message: z.string().exactOptional(),
  type: z.string().exactOptional(),
  remote: z.boolean().exactOptional(),
  truncated: z.int().exactOptional(),
  skipped: z.int().exactOptional(),
  cause: id.exactOptional(),
  stack: z.array(z.object({ path: z.string(), line: z.int(), label: z.string() })).exactOptional(),
});

const common = {
  id,
  name,
  trace_id: z.string().regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
  start_time: time,
  end_time: time.exactOptional(),
  in_progress: z.literal(true).exactOptional(),
  http: z
    .strictObject({
      request: z.looseObject({}).exactOptional(),
      response: z
        .strictObject({ status: z.int().exactOptional(), content_length: z.int().exactOptional() })
        .exactOptional(),
    })
    .exactOptional(),
  aws: z.looseObject({ operation: z.string().exactOptional(), region: z.string().exactOptional() }).exactOptional(),
  error: z.boolean().exactOptional(),
  throttle: z.boolean().exactOptional(),
  fault: z.boolean().exactOptional(),
  cause: z
    .union([
      id,
      z.strictObject({
        working_directory: z.string().exactOptional(),
        paths: z.array(z.string()).exactOptional(),
        exceptions: z.array(exception),
      }),
    ])
    .exactOptional(),
  annotations: z
    .record(z.string().regex(/^[A-Za-z0-9_]{1,500}$/), z.union([z.string().max(1_000), z.number(), z.boolean()]))
    .exactOptional(),
  metadata: z.record(z.string(), z.unknown()).exactOptional(),
};

const segment = z.strictObject({
  ...common,
  parent_id: id.exactOptional(),
  origin: z
    .string()
    .regex(/^AWS::/)
    .exactOptional(),
  service: z.looseObject({ version: z.string().exactOptional() }).exactOptional(),
  user: z.string().max(250).exactOptional(),
});

const subsegment = z.strictObject({
  ...common,
  type: z.literal("subsegment"),
  parent_id: id,
  namespace: z.enum(["aws", "remote"]).exactOptional(),
  precursor_ids: z.array(id).exactOptional(),
});

export const SegmentDocument = z
  .union([subsegment, segment])
  .refine((given) => (given.end_time === undefined) === (given.in_progress === true), "either over or in progress")
  .refine(({ start_time: start, end_time: end = start }) => end >= start, "ends after its start");
export type SegmentDocument = z.output<typeof SegmentDocument>;

const HEADER = '{"format":"json","version":1}\n';
const LARGEST_BYTES = 64 * 1024;

/** The document of a datagram, and those within it, each as if it had been sent by itself. @throws when one is none that X-Ray takes. */
export function documentsOf(datagram: Uint8Array): SegmentDocument[] {
  if (datagram.byteLength > LARGEST_BYTES) throw new RangeError(`${datagram.byteLength} bytes`);
  const text = Buffer.from(datagram).toString();
  const [head = "", ...rest] = text.split("\n");
  if (JSON.stringify(JSON.parse(head)) !== HEADER.trim()) throw new SyntaxError(`It begins with ${head}`);
  return flatSegments(JSON.parse(rest.join("\n"))).map((document) => SegmentDocument.parse(document));
}

/** What is known of each in the end: a document overwrites those before it that have its id. */
export function latest(documents: readonly SegmentDocument[]): readonly SegmentDocument[] {
  const byId = new Map<string, SegmentDocument>();
  for (const document of documents) byId.set(document.id, { ...document });
  return [...byId.values()];
}
