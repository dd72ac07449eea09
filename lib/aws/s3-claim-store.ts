import { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "../ports/index.ts";
import { bytesOf, requestObject, type S3Access, S3Failure } from "./s3-request.ts";

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/**
 * Objects in S3, by `s3://bucket/key` URI, without the S3 client: it would weigh half as much as the rest of a step's
 * bundle. An object that another attempt of the same call has created counts as one that is there.
 */
export const s3ClaimStore = (access: S3Access): Pick<BlobStore, "read" | "create"> => ({
  async read(uri, { maxBytes = DEFAULT_MAX_BYTES } = {}) {
    try {
      return await requestObject(access, uri, {
        method: "GET",
        async received(response) {
          const bytes = Number(response.headers["content-length"] ?? 0);
          if (bytes <= maxBytes) return bytesOf(response);
          response.destroy();
          throw blobTooLarge(uri, bytes, maxBytes);
        },
      });
    } catch (error) {
      throw error instanceof S3Failure && error.name === "NoSuchKey" ? blobNotFound(uri) : error;
    }
  },

  async create(uri, body) {
    try {
      await requestObject(access, uri, {
        method: "PUT",
        headers: { "if-none-match": "*" },
        body: typeof body === "string" ? new TextEncoder().encode(body) : body,
        received: bytesOf,
      });
    } catch (error) {
      throw error instanceof S3Failure && error.name === "PreconditionFailed" ? blobExists(uri) : error;
    }
  },
});
