/** What the exit status of a command means: a contract. */
export const ExitCode = {
  ok: 0,
  /** A run failed or was abandoned, or something broke that was not the caller's doing. */
  failed: 1,
  /** Bad usage or invalid input; nothing was started. */
  usage: 2,
  /** A run waits for a person. */
  waiting: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
