import { type BlobStore, blobExists, blobNotFound } from "../../lib/ports/index.ts";
import type { Invocation } from "./invocation.ts";

/** Objects in memory, shared by all invocations of a simulation. */
export const memoryBlobs = (): BlobStore => {
  const objects = new Map<string, Uint8Array>();
  return {
    async read(uri) {
      const found = objects.get(uri);
      if (found === undefined) throw blobNotFound(uri);
      return found;
    },
    async create(uri, body) {
      if (objects.has(uri)) throw blobExists(uri);
      objects.set(uri, typeof body === "string" ? Buffer.from(body) : body);
    },
    list: async (folder, prefix = "") => [...objects.keys()].filter((uri) => uri.startsWith(folder + prefix)).sort(),
  };
};

/** The same as an invocation reaches them. */
export const faultyBlobs = (blobs: BlobStore, invocation: Invocation): BlobStore => ({
  read: (uri, options) => invocation.through("blob", () => blobs.read(uri, options)),
  create: (uri, body) => invocation.through("blob", () => blobs.create(uri, body)),
  list: (folder, prefix) => invocation.through("blob", () => blobs.list(folder, prefix)),
});
