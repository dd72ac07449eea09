import type { ErrorClass } from "../contract/index.ts";

/** A message that can never start a run, and why. */
export interface DeadLetter {
  readonly agent: string;
  /** Of the message as it first came. */
  readonly messageId: string;
  readonly body: string;
  readonly reason: {
    readonly name: ErrorClass;
    readonly code: string;
    /** In words that repeat nothing of the body's values. */
    readonly message: string;
  };
}

export interface DeadLetters {
  /** Keeps a message for people. May be repeated for the same one. */
  keep(letter: DeadLetter): Promise<void>;
}
