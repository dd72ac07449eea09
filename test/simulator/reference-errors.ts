import { ErrorClass } from "../../lib/contract/index.ts";

const KNOWN: readonly ErrorClass[] = Object.values(ErrorClass);
const TRANSIENT = /^(Lambda\.|Runtime\.ExitError$|Sandbox\.Timedout$|States\.Timeout$)/;

/** The class whose edge an error takes: what is no class of ours is Permanent, but for what AWS may do better next time. */
export function classOf(error: string): ErrorClass {
  const known = KNOWN.find((name) => name === error);
  return known ?? (TRANSIENT.test(error) ? ErrorClass.Transient : ErrorClass.Permanent);
}
