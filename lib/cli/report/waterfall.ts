import type { SegmentDocument } from "../../contract/index.ts";

/** The trace of a run as the command line tells of it: the `--json` of `trace` is this, a versioned contract. */
export interface Waterfall {
  readonly version: 1;
  readonly runId: string;
  /** A run that lasts longer than a trace lives has several. */
  readonly traceIds: readonly string[];
  /** ISO 8601; null where there are no segments. */
  readonly startedAt: string | null;
  /** From the first start to the last end, or until now. */
  readonly ms: number;
  /** Each after what it is a part of. */
  readonly segments: readonly WaterfallSegment[];
}

export interface WaterfallSegment {
  readonly id: string;
  /** Null where it is a part of nothing that is known. */
  readonly parentId: string | null;
  /** 0 for what is a part of nothing. */
  readonly depth: number;
  readonly name: string;
  readonly kind: "machine" | "state" | "function" | "action" | "call" | "span";
  /** Milliseconds since the start. */
  readonly start: number;
  /** So far, while it is in progress. */
  readonly ms: number;
  readonly status: "completed" | "failed" | "in-progress";
  /** There for invocations of functions. */
  readonly attempt: number | null;
  readonly error: { readonly class: string; readonly code: string } | null;
  readonly annotations: Readonly<Record<string, string | number | boolean>>;
}

/** Puts the documents of a trace in order. @param now milliseconds since the epoch: what is in progress lasts until then. */
export function waterfall(runId: string, documents: readonly SegmentDocument[], now: number): Waterfall {
  const starts = documents.map(({ start_time: start }) => millis(start));
  const from = starts.reduce((first, start) => Math.min(first, start), Number.POSITIVE_INFINITY);
  const ids = new Set(documents.map(({ id }) => id));
  const parts = new Map<string, SegmentDocument[]>();
  for (const document of [...documents].sort(inOrder)) {
    const { parent_id: parent = "" } = document;
    const place = ids.has(parent) && parent !== document.id ? parent : ROOT;
    parts.set(place, [...(parts.get(place) ?? []), document]);
  }
  const segments: WaterfallSegment[] = [];
  const add = (place: string, depth: number, outer: WaterfallSegment | undefined) => {
    for (const document of parts.get(place) ?? []) {
      const segment = { ...segmentOf(document, outer, { from, now }), depth };
      segments.push(segment);
      add(document.id, depth + 1, segment);
    }
  };
  add(ROOT, 0, undefined);
  return {
    version: 1,
    runId,
    traceIds: [...new Set(documents.map(({ trace_id: id }) => id))],
    startedAt: documents.length === 0 ? null : new Date(from).toISOString(),
    ms: segments.reduce((last, { start, ms }) => Math.max(last, start + ms), 0),
    segments,
  };
}

const ROOT = "";

/** Of what begins in the same millisecond, what was over first comes first. */
const inOrder = (one: SegmentDocument, other: SegmentDocument) =>
  one.start_time - other.start_time || (one.end_time ?? LATE) - (other.end_time ?? LATE);
const LATE = Number.MAX_VALUE;

const millis = (seconds: number) => Math.round(seconds * 1_000);

function segmentOf(
  document: SegmentDocument,
  outer: WaterfallSegment | undefined,
  { from, now }: { readonly from: number; readonly now: number },
): Omit<WaterfallSegment, "depth"> {
  const { id, name, annotations = {}, cause, end_time: end } = document;
  const start = millis(document.start_time);
  const kind = kindOf(document, outer);
  const hasFailed = document.fault === true || document.error === true || document.throttle === true;
  const [exception] = cause?.exceptions ?? [];
  const { attempt } = annotations;
  return {
    id,
    parentId: outer?.id ?? null,
    name,
    kind,
    start: start - from,
    ms: Math.max(0, (end === undefined ? now : millis(end)) - start),
    status: end === undefined ? "in-progress" : hasFailed ? "failed" : "completed",
    attempt: kind === "function" && typeof attempt === "number" ? attempt : null,
    error: hasFailed ? { class: exception?.type ?? "", code: exception?.message ?? "" } : null,
    annotations: annotations as WaterfallSegment["annotations"],
  };
}

function kindOf(
  { type, origin = "", namespace, annotations }: SegmentDocument,
  outer: WaterfallSegment | undefined,
): WaterfallSegment["kind"] {
  if (origin.startsWith("AWS::StepFunctions")) return "machine";
  if (origin.startsWith("AWS::Lambda")) return "function";
  if (type === "subsegment" && outer?.kind === "machine") return "state";
  if (namespace === "aws") return outer?.kind === "state" && annotations?.attempt === undefined ? "state" : "call";
  if (outer?.kind === "state") return "state";
  return annotations?.action !== undefined ? "action" : "span";
}

/** What there is to say of a segment besides its name and its time. */
export function toldOf({ attempt, error, status, annotations }: WaterfallSegment): string {
  const words = [
    ...(attempt !== null && (attempt > 1 || error !== null) ? [`attempt ${attempt}`] : []),
    ...(error === null ? [] : [`${error.class} ${error.code}`.trim()]),
    ...(annotations.outcome === "recorded" ? ["recorded before"] : []),
    ...(status === "in-progress" ? ["in progress"] : []),
  ];
  return words.join(" ");
}
