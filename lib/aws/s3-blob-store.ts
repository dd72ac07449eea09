import { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "../ports/index.ts";
import { requestObject, type S3Access, S3Failure } from "./s3-request.ts";
import { locationOf } from "./s3-uri.ts";
import { bytesOf, textOf } from "./service-request.ts";

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/**
 * Objects in S3, by `s3://bucket/key` URI, without the S3 client: it would weigh half as much as the rest of a step's
 * bundle. An object that another attempt of the same call has created counts as one that is there.
 */
export const s3BlobStore = (access: S3Access): BlobStore => ({
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

  async list(folder, prefix = "") {
    const { Bucket, Key } = locationOf(folder.endsWith("/") ? folder : `${folder}/`);
    const uris: string[] = [];
    let page: Page | undefined;
    do {
      page = await requestObject(access, `s3://${Bucket}/`, {
        method: "GET",
        query: {
          "list-type": "2",
          "encoding-type": "url",
          delimiter: "/",
          prefix: `${Key}${prefix}`,
          ...(page?.next === undefined ? {} : { "continuation-token": page.next }),
        },
        received: async (response) => pageOf(await textOf(response)),
      });
      uris.push(...page.keys.map((key) => `s3://${Bucket}/${key}`));
    } while (page.next !== undefined);
    return uris.sort();
  },
});

interface Page {
  readonly keys: readonly string[];
  /** Token of the page after it. */
  readonly next: string | undefined;
}

/**
 * Reads an answer of ListObjectsV2. Keys are asked for, and so come, in the encoding of URLs, which leaves them nothing that
 * XML would escape (Amazon S3 API reference: ListObjectsV2).
 */
function pageOf(xml: string): Page {
  if (!/<EncodingType>url<\/EncodingType>/.test(xml)) {
    throw new TypeError("The answer to ListObjectsV2 is no list of keys in the encoding of URLs.");
  }
  const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) =>
    decodeURIComponent(key.replaceAll("+", " ")),
  );
  return { keys, next: /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(xml)?.[1] };
}
