/** Which trace something belongs to, and under what in it. */
export interface TraceHeader {
  /** Id of the trace, such as `1-67891233-abcdef012345678912345678`. */
  readonly root: string;
  /** Id of the segment or subsegment that it is a part of. */
  readonly parent?: string;
  /** Whether the trace is recorded; undefined where that is still open. */
  readonly sampled?: boolean;
}

const ROOT = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const PARENT = /^[0-9a-f]{16}$/;

/**
 * Reads X-Ray's header, such as `Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1`; undefined for
 * what names no trace.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function parseTraceHeader(header: string | undefined): TraceHeader | undefined {
  const fields = new Map(
    (header ?? "").split(";").map((field) => {
      const [key = "", value = ""] = field.split("=");
      return [key.trim().toLowerCase(), value.trim().toLowerCase()];
    }),
  );
  const [root = "", parent = "", sampled = ""] = ["root", "parent", "sampled"].map((key) => fields.get(key));
  if (!ROOT.test(root)) return undefined;
  return {
    root,
    ...(PARENT.test(parent) ? { parent } : {}),
    ...(["0", "1"].includes(sampled) ? { sampled: sampled === "1" } : {}),
  };
}

export const traceHeader = ({ root, parent, sampled }: TraceHeader): string =>
  [
    `Root=${root}`,
    ...(parent === undefined ? [] : [`Parent=${parent}`]),
    ...(sampled === undefined ? [] : [`Sampled=${sampled ? 1 : 0}`]),
  ].join(";");
