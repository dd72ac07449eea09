import { ErrorClass, HoldfastError } from "../contract/index.ts";

/** The bucket and the key of an `s3://bucket/key` URI. @throws Holdfast.Permanent for any other. */
export function locationOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  if (Bucket !== undefined && Key !== undefined) return { Bucket, Key };
  throw new HoldfastError(
    ErrorClass.Permanent,
    "blob-scheme",
    `${uri} cannot be reached from AWS. Allowed: s3://bucket/key.`,
  );
}
