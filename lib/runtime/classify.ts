import { ErrorClass, HoldfastError } from "../contract/index.ts";

const TRANSIENT_ERRNO = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);
const THROTTLING_NAMES =
  /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown|ModelNotReady/;
const DENIED_NAMES = /AccessDenied|UnauthorizedOperation|ExpiredToken|InvalidSignature|UnrecognizedClient/;

/**
 * The error as the state machine will see it: under one of the class names, so that its edges apply. Reads structure
 * (AWS SDK metadata, HTTP status, errno) before names, and text never.
 */
export function classify(thrown: unknown): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const name = classOf(error);
  return new HoldfastError(name, "unclassified", `${error.name}: ${error.message}`, { cause: error });
}

interface Structure {
  $metadata?: { httpStatusCode?: number };
  $retryable?: { throttling?: boolean };
  status?: number;
  statusCode?: number;
  code?: string;
  cause?: unknown;
}

function classOf(error: Error & Structure): ErrorClass {
  if (error.$retryable?.throttling === true || THROTTLING_NAMES.test(error.name)) return ErrorClass.Throttled;
  if (DENIED_NAMES.test(error.name)) return ErrorClass.Denied;
  const status = error.$metadata?.httpStatusCode ?? error.status ?? error.statusCode;
  if (status === 429) return ErrorClass.Throttled;
  if (status === 401 || status === 403) return ErrorClass.Denied;
  if (status === 408 || (status !== undefined && status >= 500)) return ErrorClass.Transient;
  if (status !== undefined && status >= 400) return ErrorClass.Permanent;
  if (error.$retryable !== undefined || error.name === "TimeoutError" || error.name === "AbortError") {
    return ErrorClass.Transient;
  }
  if (typeof error.code === "string" && TRANSIENT_ERRNO.has(error.code)) return ErrorClass.Transient;
  if (error.cause instanceof Error && error.cause !== error) return classOf(error.cause);
  return ErrorClass.Permanent;
}
