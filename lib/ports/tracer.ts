import type { TraceAnnotation } from "../contract/index.ts";

/** Texts are cut to what X-Ray indexes. */
export type Annotations = Readonly<Partial<Record<TraceAnnotation, string | number | boolean>>>;

export interface Span {
  /** Spans that begin later within it have them too. */
  annotate(annotations: Annotations): void;
}

/** Traces what is done. Nothing that goes wrong with a trace reaches the work. */
export interface Tracer {
  /**
   * Does work as a part of the span that it is called in, or of the trace of the invocation. Spans within it, and calls of
   * AWS, have its annotations too. Work that fails fails its span, and is thrown as it was.
   */
  span<Result>(name: string, annotations: Annotations, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** Root of the trace that is under way, such as `1-67891233-abcdef012345678912345678`. */
  traceId(): string | undefined;
}

/** A tracer in a process that runs many functions at once, where no environment tells the trace of an invocation. */
export interface HostTracer extends Tracer {
  /**
   * Does work as an invocation: part of what X-Ray's header names as the parent.
   *
   * @param annotations of all spans in it.
   */
  invocation<Result>(header: string, annotations: Annotations, work: () => Promise<Result>): Promise<Result>;
}
