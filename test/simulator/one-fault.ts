import type { Fault, FaultPlan, PointKind } from "./faults.ts";

/** A world in which nothing goes wrong but what strikes at one point, and which tells of its points. */
export function oneFault(strike?: {
  readonly at: number;
  readonly fault: Fault;
}): FaultPlan & { readonly points: PointKind[] } {
  const points: PointKind[] = [];
  return {
    points,
    longestCall: 900,
    latency: () => 5,
    at(point) {
      points.push(point);
      return strike?.at === points.length - 1 ? strike.fault : undefined;
    },
    ofTask: () => undefined,
    skew: () => 0,
    jump: () => 0,
    fences: () => true,
    heal: () => undefined,
  };
}
