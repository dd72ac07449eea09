import { ErrorClass } from "../../contract/index.ts";

const MEANINGS: Readonly<Record<number, ErrorClass>> = {
  401: ErrorClass.Denied,
  403: ErrorClass.Denied,
  407: ErrorClass.Denied,
  408: ErrorClass.Transient,
  425: ErrorClass.Transient,
  429: ErrorClass.Throttled,
  499: ErrorClass.Transient,
  501: ErrorClass.Permanent,
  505: ErrorClass.Permanent,
  529: ErrorClass.Throttled,
};

/** What an HTTP status says of a failure; nothing where the answer was a success (RFC 9110; 529 is an overloaded model API). */
export function meaningOfStatus(status: number): ErrorClass | undefined {
  if (status < 300) return undefined;
  return MEANINGS[status] ?? (status >= 500 ? ErrorClass.Transient : ErrorClass.Permanent);
}
