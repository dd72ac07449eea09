export { DynamoRunStore } from "./dynamo-run-store.ts";
export { requiredEnvironment } from "./environment.ts";
export { noBlobStore } from "./no-blob-store.ts";
export { s3BlobStore } from "./s3-blob-store.ts";
export { snsNotifier } from "./sns-notifier.ts";
export { stepFunctionsExecutions } from "./step-functions-executions.ts";
export { systemClock } from "./system-clock.ts";
