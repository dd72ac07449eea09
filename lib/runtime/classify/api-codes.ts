import { ErrorClass } from "../../contract/index.ts";
import type { Names } from "./names.ts";

/**
 * Codes and types in the bodies of model and other HTTP APIs (OpenAI, Anthropic, Google). An exhausted quota arrives as 429
 * like a rate limit, but waiting does not help it. Types that say less than the status (`invalid_request_error` comes with
 * 401, too) are left to the status.
 */
export const API_CODES: Names = {
  [ErrorClass.Throttled]: ["overloaded_error", "server_is_overloaded", "slow_down", "quotaExceeded"],
  [ErrorClass.Transient]: ["api_error", "conflict_error", "server_error", "service_unavailable_error", "timeout_error"],
  [ErrorClass.Denied]: ["authentication_error", "invalid_api_key", "permission_error"],
  [ErrorClass.Permanent]: ["dailyLimitExceeded", "enforced_spend_limit_reached", "insufficient_quota"],
};
