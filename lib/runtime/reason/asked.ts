/** The key of the action that records what a turn, or a call in it, asks people. */
export const askedIn = (action: string) => `${action}:asked`;

export const KEPT_AS = "What it asks is kept as ";
const KEPT = new RegExp(`${KEPT_AS}([a-z0-9.:-]+)\\.$`);

/** The key that the message of an error names. */
export const askedBy = (message: string): string | undefined => KEPT.exec(message)?.[1];
