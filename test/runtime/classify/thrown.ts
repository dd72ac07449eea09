import type { ErrorClass } from "../../../lib/contract/index.ts";

/** Something that a handler may come to throw, and the class that it is to be taken for. */
export interface Thrown {
  /** The library or service, as it is known. */
  readonly origin: string;
  readonly title: string;
  /** Provokes the error where it can be had here, else builds it as its library does. */
  readonly thrown: () => unknown;
  readonly as: ErrorClass;
  readonly retryAfterSeconds?: number;
}

/** What a call fails with. */
export async function caught(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("The call was to fail and did not.");
}
