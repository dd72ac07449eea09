import { table } from "../../lib/cli/table.ts";
import { type Bundles, LIMIT_BYTES } from "./bundles.ts";
import { type InitFigures, LIMIT_RATIO } from "./init-time.ts";
import type { OverheadRow } from "./overhead.ts";

export interface Figures {
  readonly overhead: readonly OverheadRow[];
  readonly bundles: Bundles;
  readonly init: InitFigures;
}

const within = (isWithin: boolean) => (isWithin ? "within" : "over");

/** The figures for people. */
export const inWords = ({ overhead, bundles, init }: Figures) =>
  [
    "Overhead of the runtime: microseconds, in process, on the embedded store in memory; store: its calls made alone",
    table(
      ["", "samples", "store calls", "whole p50", "p95", "store p50", "p95", "protocol p50", "p95"],
      overhead.map(({ what, samples, storeCalls, whole, store, protocol }) => [
        ...[what, samples, storeCalls, whole.p50, whole.p95],
        ...[store.p50, store.p95, protocol.p50, protocol.p95],
      ]),
    ),
    "",
    `Bundles: minified ES modules as deployed; a step's is limited to ${LIMIT_BYTES / 1_000} KB of 1000 bytes`,
    table(
      ["", "bytes", "limit"],
      [
        ...bundles.steps.map(({ name, bytes }) => [name, bytes, within(bytes <= LIMIT_BYTES)]),
        [bundles.bare.name, bundles.bare.bytes, ""],
      ],
    ),
    "",
    `Init: importing a bundle into a fresh process of Node ${process.versions.node}, medians; limited to ${LIMIT_RATIO} times the bare handler`,
    table(
      ["", "pairs", "ms", "ms, bare", "ratio of medians", "median of ratios", "the same of CPU time", "limit"],
      init.steps.map(({ bundle, pairs, own, bare, ...row }) => [
        ...[bundle, pairs, own.wallMs, bare.wallMs],
        ...[row.ratioOfMedians, row.medianOfRatios, row.medianOfCpuRatios, within(row.medianOfRatios <= LIMIT_RATIO)],
      ]),
    ),
  ].join("\n");

/** The figures for programs. */
export const inJson = ({ overhead, bundles: { bare, steps }, init }: Figures) =>
  JSON.stringify({
    overhead: { unit: "microseconds", rows: overhead },
    bundles: {
      limitBytes: LIMIT_BYTES,
      bareBytes: bare.bytes,
      steps: steps.map(({ name, bytes }) => ({ name, bytes, isWithin: bytes <= LIMIT_BYTES })),
    },
    init: { node: process.versions.node, limitRatio: LIMIT_RATIO, ...init },
  });
