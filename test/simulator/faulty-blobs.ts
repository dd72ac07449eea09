import type { BlobStore } from "../../lib/ports/index.ts";
import type { Invocation } from "./invocation.ts";

/** Blobs as an invocation reaches them. */
export const faultyBlobs = (blobs: BlobStore, invocation: Invocation): BlobStore => ({
  read: (uri, options) => invocation.through("blob", () => blobs.read(uri, options)),
  create: (uri, body) => invocation.through("blob", () => blobs.create(uri, body)),
  list: (folder, prefix) => invocation.through("blob", () => blobs.list(folder, prefix)),
});
