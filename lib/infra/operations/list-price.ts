import type { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { CfnFunction, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { PRICES } from "../../compiler/index.ts";

/** A transition, a request, two writes and a read: what an ordinary step takes besides the time of its function. */
const EACH = PRICES.stateTransition + PRICES.lambdaRequest + 2 * PRICES.storeWrite + PRICES.storeRead;

/** What AWS asks, by list price, for as many ordinary steps as functions were invoked, and for their time. */
export function listPrice(functions: readonly LambdaFunction[], period: Duration): MathExpression {
  const options = { period, statistic: Stats.SUM };
  const usingMetrics: Record<string, IMetric> = {};
  const terms = functions.map((each, index) => {
    const [invocations, duration] = [`invocations${index}`, `duration${index}`];
    usingMetrics[invocations] = each.metricInvocations(options);
    usingMetrics[duration] = each.metricDuration(options);
    const millisecond = ((memoryOf(each) / 1_024) * PRICES.lambdaGigabyteSecond) / 1_000;
    return `FILL(${invocations}, 0) * ${decimal(EACH)} + FILL(${duration}, 0) * ${decimal(millisecond)}`;
  });
  return new MathExpression({ label: "AWS list price", expression: terms.join(" + "), usingMetrics, period });
}

/** Metric math knows no exponents. */
const decimal = (price: number) => price.toFixed(14).replace(/0+$/, "");

const MEGABYTES_BY_DEFAULT = 128;
function memoryOf(created: LambdaFunction): number {
  const { defaultChild } = created.node;
  const memory = defaultChild instanceof CfnFunction ? defaultChild.memorySize : undefined;
  return memory ?? MEGABYTES_BY_DEFAULT;
}
