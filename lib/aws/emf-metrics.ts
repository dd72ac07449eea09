import { METRICS, METRICS_NAMESPACE, MetricDimension, type MetricKey } from "../contract/index.ts";
import type { Clock, Metrics } from "../ports/index.ts";

/**
 * Metrics as log lines, which CloudWatch Logs turns into metrics (CloudWatch embedded metric format specification): no call,
 * no permission, and nothing to wait for.
 *
 * @param write gets one line; on Lambda it goes to standard output itself, as the console puts words before it.
 */
export const emfMetrics = (
  clock: Pick<Clock, "now">,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Metrics => ({
  record({ agent, errorClass, outcome, values }) {
    const keys = Object.keys(values) as MetricKey[];
    if (keys.length === 0) return;
    const dimensions = {
      [MetricDimension.agent]: agent,
      ...(errorClass === undefined ? {} : { [MetricDimension.errorClass]: errorClass }),
      ...(outcome === undefined ? {} : { [MetricDimension.outcome]: outcome }),
    };
    const directive = {
      Namespace: METRICS_NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: keys.map((key) => ({ Name: METRICS[key].name, Unit: METRICS[key].unit })),
    };
    const measured = Object.fromEntries(keys.map((key) => [METRICS[key].name, values[key]]));
    write(
      JSON.stringify({
        _aws: { Timestamp: clock.now(), CloudWatchMetrics: [directive] },
        ...dimensions,
        ...measured,
      }),
    );
  },
});
