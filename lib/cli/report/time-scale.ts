/** A stretch of time, in milliseconds since some start. */
export interface Stretch {
  readonly start: number;
  readonly ms: number;
}

/** Of all that is drawn, one wait takes at most this part. */
const LONGEST_WAIT = 0.1;

/**
 * Where times are drawn, from 0 to 1. A wait of days would leave no room for the work before and after it: time in which
 * nothing is done takes no more than a tenth.
 *
 * @param busy what is done.
 * @param ms all that is drawn.
 */
export function timeScale(
  busy: readonly Stretch[],
  ms: number,
): { readonly at: (time: number) => number; readonly isShortened: boolean } {
  const edges = edgesOf(busy, ms);
  const worked = edges.reduce((sum, { isBusy, length }) => sum + (isBusy ? length : 0), 0);
  const longest = Math.max(1, worked * LONGEST_WAIT);
  let drawn = 0;
  const pieces = edges.map(({ start, length, isBusy }) => {
    const piece = { start, length, from: drawn, width: isBusy ? length : Math.min(length, longest) };
    drawn += piece.width;
    return piece;
  });
  return {
    at(time) {
      const piece = pieces.findLast(({ start }) => start <= time);
      if (piece === undefined || drawn === 0) return 0;
      const part = piece.length === 0 ? 0 : Math.min(1, (time - piece.start) / piece.length);
      return (piece.from + part * piece.width) / drawn;
    },
    isShortened: pieces.some(({ length, width }) => width < length),
  };
}

interface Edge {
  readonly start: number;
  readonly length: number;
  readonly isBusy: boolean;
}

/** Work and waits, in turn. */
function edgesOf(busy: readonly Stretch[], ms: number): readonly Edge[] {
  const edges: Edge[] = [];
  let end = 0;
  const add = (until: number, isBusy: boolean) => {
    if (until > end) edges.push({ start: end, length: until - end, isBusy });
    end = Math.max(end, until);
  };
  for (const stretch of [...busy].sort((one, other) => one.start - other.start)) {
    add(stretch.start, false);
    add(stretch.start + stretch.ms, true);
  }
  add(ms, false);
  return edges;
}

/** What of a trace is work: all but what waits for something else. */
export const isWork = ({ kind }: { readonly kind: string }) => kind !== "machine" && kind !== "state";
