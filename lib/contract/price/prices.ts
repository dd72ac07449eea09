/**
 * AWS list prices in USD: us-east-1, arm64, without free tiers or discounts, as published in October 2026.
 * What the prices are for, and where AWS says so, is in {@link PRICE_SOURCES}.
 */
export const PRICES = {
  asOf: "2026-10",
  region: "us-east-1",
  stateTransition: 0.025 / 1_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000133334,
  storeWrite: 0.625 / 1_000_000,
  storeRead: 0.125 / 1_000_000,
  event: 1 / 1_000_000,
  queueRequest: 0.4 / 1_000_000,
  logGigabyte: 0.5,
  keyMonth: 1,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3,
} as const;

/** Of every price, the page of AWS that it stands on. */
export const PRICE_SOURCES: Readonly<Record<Exclude<keyof typeof PRICES, "asOf" | "region">, string>> = {
  stateTransition: "https://aws.amazon.com/step-functions/pricing/",
  lambdaRequest: "https://aws.amazon.com/lambda/pricing/",
  lambdaGigabyteSecond: "https://aws.amazon.com/lambda/pricing/",
  storeWrite: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  storeRead: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  event: "https://aws.amazon.com/eventbridge/pricing/",
  queueRequest: "https://aws.amazon.com/sqs/pricing/",
  logGigabyte: "https://aws.amazon.com/cloudwatch/pricing/",
  keyMonth: "https://aws.amazon.com/kms/pricing/",
  alarmMonth: "https://aws.amazon.com/cloudwatch/pricing/",
  metricMonth: "https://aws.amazon.com/cloudwatch/pricing/",
  dashboardMonth: "https://aws.amazon.com/cloudwatch/pricing/",
};
