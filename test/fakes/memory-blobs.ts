import { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "../../lib/ports/index.ts";

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

export interface MemoryBlobs extends BlobStore {
  readonly objects: Map<string, Uint8Array>;
}

/** A blob store in memory, which keeps to the port's contract. */
export function memoryBlobs(given: Readonly<Record<string, Uint8Array | string>> = {}): MemoryBlobs {
  const bytes = (body: Uint8Array | string) => (typeof body === "string" ? new TextEncoder().encode(body) : body);
  const objects = new Map(Object.entries(given).map(([uri, body]) => [uri, bytes(body)]));
  return {
    objects,
    async read(uri, { maxBytes = DEFAULT_MAX_BYTES } = {}) {
      const body = objects.get(uri);
      if (body === undefined) throw blobNotFound(uri);
      if (body.length > maxBytes) throw blobTooLarge(uri, body.length, maxBytes);
      return body;
    },
    async create(uri, body) {
      if (objects.has(uri)) throw blobExists(uri);
      objects.set(uri, bytes(body));
    },
    async list(folder, prefix = "") {
      const start = `${folder}${folder.endsWith("/") ? "" : "/"}`;
      return [...objects.keys()]
        .filter((uri) => uri.startsWith(start + prefix) && !uri.slice(start.length).includes("/"))
        .sort();
    },
  };
}
