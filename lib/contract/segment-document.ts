import type { TraceAnnotation } from "./trace.ts";

/**
 * A segment or subsegment as X-Ray takes it, as far as a trace is drawn from it. Times are seconds since the epoch.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export interface SegmentDocument {
  /** 16 hexadecimal digits, as is `parent_id`. */
  readonly id: string;
  readonly name: string;
  readonly trace_id: string;
  readonly parent_id?: string;
  readonly type?: "subsegment";
  readonly start_time: number;
  /** Absent while it is in progress. */
  readonly end_time?: number;
  readonly in_progress?: true;
  readonly namespace?: string;
  /** The kind of service of a segment. */
  readonly origin?: string;
  readonly error?: boolean;
  readonly throttle?: boolean;
  readonly fault?: boolean;
  /** Of an error the class and the code, as type and message. */
  readonly cause?: { readonly exceptions: readonly SegmentException[] };
  readonly annotations?: Readonly<Partial<Record<TraceAnnotation, string | number | boolean>>>;
  readonly aws?: { readonly operation?: string };
}

export interface SegmentException {
  readonly id: string;
  readonly type?: string;
  readonly message?: string;
}

/** A document with those that it holds. */
export interface NestedSegment extends SegmentDocument {
  readonly subsegments?: readonly NestedSegment[];
}

/** A document and all within it, each pointing to what it is within, as if it had been sent by itself. */
export const flatSegments = ({ subsegments = [], ...segment }: NestedSegment): SegmentDocument[] => [
  segment,
  ...subsegments.flatMap((part) =>
    flatSegments({ ...part, trace_id: segment.trace_id, parent_id: segment.id, type: "subsegment" }),
  ),
];
