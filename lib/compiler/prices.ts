/**
 * AWS list prices, us-east-1, arm64, in USD, as published in October 2026
 * (aws.amazon.com/step-functions/pricing, /lambda/pricing, /dynamodb/pricing/on-demand).
 */
export const PRICES = {
  asOf: "2026-10",
  stateTransition: 0.025 / 1_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000133334,
  storeWrite: 0.625 / 1_000_000,
  storeRead: 0.125 / 1_000_000,
} as const;
