import { ErrorClass } from "../../contract/index.ts";
import type { Names } from "./names.ts";

/**
 * AWS errors whose HTTP status tells too little or the wrong thing, without "Exception" or "Error" at the end. After the
 * SDK's own lists (smithy-typescript, service-error-classification) and the API references of Bedrock, DynamoDB and S3.
 */
export const AWS_NAMES: Names = {
  [ErrorClass.Throttled]: [
    ...[
      "BandwidthLimitExceeded",
      "ExecutionLimitExceeded",
      "LimitExceeded",
      "ModelNotReady",
      "PriorRequestNotComplete",
    ],
    ...["ProvisionedThroughputExceeded", "RequestLimitExceeded", "ServiceQuotaExceeded", "SlowDown"],
  ],
  [ErrorClass.Transient]: [
    ...["InternalFailure", "InternalServer", "ServiceUnavailable", "RequestTimeout", "Timeout"],
    ...["ModelError", "ModelStreamError", "ModelTimeout", "DependencyFailed"],
    ...["TransactionConflict", "TransactionInProgress", "ReplicatedWriteConflict"],
    ...["ConditionalRequestConflict", "OperationAborted"],
    ...["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"],
  ],
  [ErrorClass.Denied]: [
    ...["AccessDenied", "NotAuthorized", "Unauthorized", "UnauthorizedOperation"],
    ...["CredentialsProvider", "TokenProvider", "ExpiredToken", "InvalidAccessKeyId", "InvalidClientTokenId"],
    ...["IncompleteSignature", "InvalidSignature", "MissingAuthenticationToken", "SignatureDoesNotMatch"],
    "UnrecognizedClient",
  ],
  [ErrorClass.Permanent]: ["ConditionalCheckFailed", "ItemCollectionSizeLimitExceeded"],
};
