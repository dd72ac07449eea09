import { PRICES, SWEEP_SECONDS } from "../contract/index.ts";

/** What stands in an account, of what AWS asks for by the month. */
export interface Standing {
  readonly keys: number;
  /** Metrics that alarms look at: CloudWatch asks for each. */
  readonly alarmedMetrics: number;
  readonly dashboards: number;
  /** Metrics of Holdfast's own that every sweep measures. */
  readonly sweptMetrics: number;
  readonly sweeps: number;
  /** Queues that a function is fed from. */
  readonly polledQueues: number;
}

/** What all agents share, and the most that each has of its own. */
export const PLATFORM_STANDING: Standing = {
  keys: 1,
  alarmedMetrics: 6,
  dashboards: 0,
  sweptMetrics: 0,
  sweeps: 0,
  polledQueues: 0,
};
export const AGENT_STANDING: Standing = {
  keys: 0,
  alarmedMetrics: 11,
  dashboards: 1,
  sweptMetrics: 5,
  sweeps: 1,
  polledQueues: 1,
};

const MONTH_SECONDS = 30 * 86_400;
/** Lambda keeps so many long polls of 20 seconds open for a queue, even an empty one (AWS Lambda guide: SQS). */
const POLLERS = 5;
const POLL_SECONDS = 20;
/** What a sweep takes, at most, where nothing is open. */
const SWEEP_USD =
  PRICES.lambdaRequest + 0.5 * PRICES.lambdaGigabyteSecond + 10 * PRICES.storeRead + (2_000 * PRICES.logGigabyte) / 1e9;

/** What it costs a month while nothing runs, in USD, without free tiers and storage. */
export const idleCost = (standing: Standing): number =>
  standing.keys * PRICES.keyMonth +
  standing.alarmedMetrics * PRICES.alarmMonth +
  standing.dashboards * PRICES.dashboardMonth +
  standing.sweptMetrics * PRICES.metricMonth +
  standing.sweeps * (MONTH_SECONDS / SWEEP_SECONDS) * SWEEP_USD +
  standing.polledQueues * POLLERS * (MONTH_SECONDS / POLL_SECONDS) * PRICES.queueRequest;
