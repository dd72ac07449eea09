import { randomBytes } from "node:crypto";
import type { Segment, Subsegment } from "aws-xray-sdk-core";
import { parseTraceHeader } from "../contract/index.ts";
import type { Annotations } from "../ports/index.ts";
import { annotationValue, causeOf } from "./trace-text.ts";

/** What the SDK keeps in a subsegment besides what its types show. */
type Node = Subsegment & {
  annotations?: Record<string, string | number | boolean>;
  error?: boolean;
  throttle?: boolean;
};

/**
 * What spans of an invocation are part of: the segment that Lambda sends itself. It stands for one invocation, so that what
 * outlives it does not get into the trace of the next.
 *
 * @returns undefined where the trace is not recorded.
 */
export function invocationSegment(
  Facade: typeof Segment,
  header: string | undefined,
  annotations: Annotations = {},
): Segment | undefined {
  const trace = parseTraceHeader(header);
  if (trace?.parent === undefined || trace.sampled !== true) return undefined;
  const segment = new Facade("invocation", trace.root);
  segment.id = trace.parent;
  annotate(segment, annotations);
  segment.flush = () => undefined;
  takeIn(segment);
  return segment;
}

/** Annotates a subsegment; what comes to be part of it later has the annotations, too. */
export function annotate(node: Segment | Subsegment, annotations: Annotations): void {
  for (const [key, value] of Object.entries(annotations)) node.addAnnotation(key, annotationValue(value));
}

export function fail(node: Node, error: unknown, isRemote = false): void {
  if (node.error !== true && node.throttle !== true) node.addFaultFlag();
  const exception = { id: randomBytes(8).toString("hex"), ...causeOf(error), remote: isRemote };
  node.addAttribute("cause", { exceptions: [exception] });
}

/** So many parts travel in the document of the outermost span; with more it could pass the 64 KB that X-Ray takes. */
const MOST_WITHIN = 50;

/** What a span is in: whether that was sent already, and how many parts there is room for yet in the document around. */
interface Around {
  readonly isSent: () => boolean;
  readonly room: { left: number };
}

/**
 * Has a segment, or a span, hand on its annotations to what is added to it, by whomever, and sends that: as a part of the
 * outermost span, once that is over, in one document. Alone goes what outlives the span around it, and what there is no room
 * for; that span is then sent before, as being in progress, so that no part belongs nowhere.
 */
function takeIn(parent: Segment | Node, around?: Around): void {
  const add = parent.addSubsegment.bind(parent);
  let isAnnounced = false;
  parent.addSubsegment = (child: Node) => {
    if ("annotations" in parent) child.annotations = { ...parent.annotations };
    // The SDK would write down message and stack.
    child.addError = (error, isRemote) => fail(child, error, isRemote);
    const end = child.close.bind(child);
    const { isSent, room } = around ?? { isSent: () => true, room: { left: MOST_WITHIN } };
    if (around !== undefined) room.left -= 1;
    const isAlone = room.left < 0;
    let sent = false;
    child.close = (error, isRemote) => {
      end(error, isRemote);
      if (!isSent() && !isAlone) return;
      if (!isSent() && !isAnnounced && "parent" in parent) {
        isAnnounced = true;
        quietly(() => announce(parent));
      }
      sent = true;
      quietly(() => send(child));
    };
    takeIn(child, { isSent: () => sent, room });
    add(child);
  };
}

function send(node: Node): void {
  const over = node.subsegments?.filter((part) => part.isClosed());
  if (over === undefined || over.length === 0) delete node.subsegments;
  else node.subsegments = over;
  node.flush();
  node.parent.removeSubsegment(node);
}

/** Without what is in it: that may not be all yet. */
function announce(node: Node): void {
  const { subsegments } = node;
  delete node.subsegments;
  node.flush();
  if (subsegments !== undefined) node.subsegments = subsegments;
}

/** Does something for a trace only. What goes wrong with it costs the trace, which may be lost. */
export function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
