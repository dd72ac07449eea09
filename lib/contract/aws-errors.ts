/** Failures between Step Functions and a Lambda function that are worth another attempt (AWS: Step Functions best practices, error handling). */
export const TRANSPORT_ERRORS = [
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
  "Runtime.ExitError",
  "Sandbox.Timedout",
] as const;
