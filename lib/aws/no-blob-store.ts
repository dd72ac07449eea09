import { ErrorClass, HoldfastError } from "../contract/index.ts";
import type { BlobStore } from "../ports/index.ts";

/** For steps that declare no bucket: every access is refused, as their role would refuse it. */
export const noBlobStore: BlobStore = {
  read: refuse,
  create: refuse,
  list: refuse,
};

async function refuse(uri: string): Promise<never> {
  throw new HoldfastError(
    ErrorClass.Denied,
    "bucket-not-declared",
    `The step may not reach ${uri}: it declares no bucket. Add the bucket to the step's needs.`,
  );
}
