import type { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { CfnFunction, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { PRICES } from "../../contract/index.ts";

/** A transition, a request, two writes and a read: what an ordinary step takes besides the time of its function. */
const EACH = PRICES.stateTransition + PRICES.lambdaRequest + 2 * PRICES.storeWrite + PRICES.storeRead;

/** What AWS asks, by list price, for as many ordinary steps as functions were invoked, and for their time. */
export function listPrice(functions: readonly LambdaFunction[], period: Duration): MathExpression {
  const options = { period, statistic: Stats.SUM };
  const usingMetrics: Record<string, IMetric> = {};
  const memories = new Set<number>();
  for (const [index, each] of functions.entries()) {
    const memory = memoryOf(each);
    memories.add(memory);
    usingMetrics[`invocations${index}`] = each.metricInvocations(options);
    usingMetrics[`${ofMemory(memory)}${index}`] = each.metricDuration(options);
  }
  // One term for each size: an expression may be no longer than 2 048 characters.
  const terms = [...memories].map((memory) => {
    const millisecond = ((memory / 1_024) * PRICES.lambdaGigabyteSecond) / 1_000;
    return `SUM(FILL(METRICS("${ofMemory(memory)}"), 0)) * ${decimal(millisecond)}`;
  });
  const expression = [`SUM(FILL(METRICS("invocations"), 0)) * ${decimal(EACH)}`, ...terms].join(" + ");
  return new MathExpression({ label: "AWS list price", expression, usingMetrics, period });
}

/** How the metrics of functions of a size are called. */
const ofMemory = (memory: number) => `memory${memory}x`;

/** Metric math knows no exponents. */
const decimal = (price: number) => price.toFixed(14).replace(/0+$/, "");

const MEGABYTES_BY_DEFAULT = 128;
function memoryOf(created: LambdaFunction): number {
  const { defaultChild } = created.node;
  const memory = defaultChild instanceof CfnFunction ? defaultChild.memorySize : undefined;
  return memory ?? MEGABYTES_BY_DEFAULT;
}
