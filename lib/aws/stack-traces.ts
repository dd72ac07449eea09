import { BatchGetTracesCommand, GetTraceSummariesCommand, type Segment, type XRayClient } from "@aws-sdk/client-xray";
import { flatSegments, type NestedSegment, type SegmentDocument } from "../contract/index.ts";
import { readingAll } from "./stack-reading.ts";

/** A run that was traced. Times are milliseconds since the epoch. */
export interface TracedRun {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

/** Longest time range of one request; X-Ray keeps traces for 30 days. */
const SLICE_MS = 24 * 3_600_000;
const KEPT_MS = 30 * SLICE_MS;
/** Most traces that one request takes. */
const AT_ONCE = 5;

/** The segments of every trace that has a part of the run, each part by itself, in order of time. */
export async function readTraces(client: XRayClient, run: TracedRun): Promise<readonly SegmentDocument[]> {
  const ids = new Set<string>();
  const end = run.to + 60_000;
  for (let from = Math.max(run.from, run.to - KEPT_MS); from < end; from += SLICE_MS) {
    for (const id of await idsWithin(client, run.runId, from, Math.min(from + SLICE_MS, end))) ids.add(id);
  }
  const all = [...ids];
  const segments: SegmentDocument[] = [];
  for (let first = 0; first < all.length; first += AT_ONCE) {
    const batch = await segmentsOf(client, all.slice(first, first + AT_ONCE));
    segments.push(...batch.flatMap(partsIn));
  }
  return segments.sort((a, b) => a.start_time - b.start_time);
}

const idsWithin = (client: XRayClient, runId: string, from: number, to: number): Promise<readonly string[]> =>
  readingAll("xray:GetTraceSummaries", async (token) => {
    const command = new GetTraceSummariesCommand({
      TimeRangeType: "Event",
      StartTime: new Date(from),
      EndTime: new Date(to),
      FilterExpression: `annotation.run = ${JSON.stringify(runId)}`,
      NextToken: token,
    });
    const { TraceSummaries, NextToken } = await client.send(command);
    return { items: TraceSummaries?.flatMap(({ Id }) => Id ?? []), next: NextToken };
  });

const segmentsOf = (client: XRayClient, TraceIds: string[]): Promise<readonly Segment[]> =>
  readingAll("xray:BatchGetTraces", async (token) => {
    const { Traces, NextToken } = await client.send(new BatchGetTracesCommand({ TraceIds, NextToken: token }));
    return { items: Traces?.flatMap(({ Segments = [] }) => Segments), next: NextToken };
  });

/** A segment and all within it, each pointing to what it is within, as if it had been sent by itself. */
function partsIn({ Document = "" }: Segment): SegmentDocument[] {
  try {
    return flatSegments(JSON.parse(Document) as NestedSegment);
  } catch {
    // What X-Ray keeps of other senders need not be JSON.
    return [];
  }
}
