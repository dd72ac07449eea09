import type { Subsegment } from "aws-xray-sdk-core";
import { parseTraceHeader } from "../contract/index.ts";
import type { Annotations, HostTracer, Span } from "../ports/index.ts";
import { spanName } from "./trace-text.ts";
import { SEGMENT, xRaySdk } from "./x-ray-sdk.ts";
import { annotate, fail, invocationSegment, quietly } from "./x-ray-span.ts";

export interface PowertoolsTracerOptions {
  /** Where segment documents are sent to, as `127.0.0.1:2000`. @default where the environment says */
  readonly daemon?: string;
}

export interface PowertoolsTracer extends HostTracer {
  /** Has every call of a client of the AWS SDK show as a part of the span that it is made in. */
  captureAwsClient<Client>(client: Client): Client;
}

/**
 * The Tracer on Powertools and the X-Ray SDK. On Lambda the spans of an invocation are part of the segment that Lambda sends
 * of it; elsewhere `invocation` says what they are part of. What is not sampled costs nothing.
 *
 * An error shows by class and code: its message may quote what it is about.
 */
export async function powertoolsTracer({ daemon }: PowertoolsTracerOptions = {}): Promise<PowertoolsTracer> {
  const { context, tracer, Segment } = await xRaySdk();
  if (daemon !== undefined) sendTo(tracer.provider, daemon);
  const version = process.env.AWS_LAMBDA_FUNCTION_VERSION ?? "local";

  const ofEnvironment = (): Invocation => ({
    header: tracer.isTracingEnabled() ? process.env._X_AMZN_TRACE_ID : undefined,
    annotations: {},
  });
  const invocation = () => (context.get(INVOCATION) as Invocation | undefined) ?? ofEnvironment();
  const surrounding = () => {
    const { header, annotations } = invocation();
    return (context.get(SEGMENT) as Subsegment | undefined) ?? invocationSegment(Segment, header, annotations);
  };

  return {
    async span(name, annotations, work) {
      const node = quietly(() => {
        const opened = surrounding()?.addNewSubsegment(spanName(name));
        if (opened !== undefined) annotate(opened, { version, ...annotations });
        return opened;
      });
      if (node === undefined) return work(UNRECORDED);
      const span: Span = { annotate: (more) => quietly(() => annotate(node, more)) };
      return context.runAndReturn(async () => {
        context.set(SEGMENT, node);
        try {
          return await work(span);
        } catch (error) {
          quietly(() => fail(node, error));
          throw error;
        } finally {
          quietly(() => node.close());
        }
      });
    },

    traceId: () => parseTraceHeader(invocation().header)?.root,

    invocation: (header, annotations, work) =>
      context.runAndReturn((values) => {
        values.delete(SEGMENT);
        context.set<Invocation>(INVOCATION, { header, annotations });
        return work();
      }),

    captureAwsClient: (client) => tracer.provider.captureAWSv3Client(client),
  };
}

interface Invocation {
  readonly header: string | undefined;
  readonly annotations: Annotations;
}

const INVOCATION = "invocation";
const UNRECORDED: Span = { annotate: () => undefined };

/** The SDK prefers the address in the environment, which is that of somebody else's daemon here. */
function sendTo(provider: { setDaemonAddress(address: string): void }, daemon: string): void {
  const { AWS_XRAY_DAEMON_ADDRESS: before } = process.env;
  delete process.env.AWS_XRAY_DAEMON_ADDRESS;
  provider.setDaemonAddress(daemon);
  if (before !== undefined) process.env.AWS_XRAY_DAEMON_ADDRESS = before;
}
