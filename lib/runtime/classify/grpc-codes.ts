import { ErrorClass } from "../../contract/index.ts";
import type { Names } from "./names.ts";

/** The name of a gRPC status code by its number (google.rpc.Code). */
export const GRPC_CODES: readonly string[] = [
  ...["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"],
  ...["PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"],
  ...["INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"],
];

/** gRPC status codes, and the `status` of Google's REST errors; those that are not here are Permanent. */
export const GRPC_NAMES: Names = {
  [ErrorClass.Throttled]: ["RESOURCE_EXHAUSTED"],
  [ErrorClass.Transient]: ["ABORTED", "CANCELLED", "DEADLINE_EXCEEDED", "INTERNAL", "UNAVAILABLE", "UNKNOWN"],
  [ErrorClass.Denied]: ["PERMISSION_DENIED", "UNAUTHENTICATED"],
};
