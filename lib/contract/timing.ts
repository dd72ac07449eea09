/** A step's own time is up first; Lambda and then Step Functions give up on it later, so that it can still say why. */
export const LAMBDA_GRACE_SECONDS = 5;
export const STATE_GRACE_SECONDS = 15;
/** Beyond the time of a tool's call, to record what came of it. */
export const RECORD_SECONDS = 2;
/** How long a function of the platform may take, in seconds. */
export const PLATFORM_TIMEOUT_SECONDS = 30;
/** Longest execution of a state machine (AWS Step Functions quotas). */
export const LONGEST_RUN_SECONDS = 365 * 86_400;
/** What is known of a run is kept so long after its end. */
export const KEPT_SECONDS = 90 * 86_400;
