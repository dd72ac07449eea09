import { expect } from "vitest";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";

/** Runs what must fail for good, checks its code and returns its message. */
export async function permanentFailure(code: string, run: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof HoldfastError)) throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
  expect([error.name, error.code]).toEqual([ErrorClass.Permanent, code]);
  return error.message;
}
