import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "../ports/index.ts";
import { locationOf } from "./s3-uri.ts";

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** Objects in S3, by `s3://bucket/key` URI. */
export const s3BlobStore = (client: S3Client): BlobStore => ({
  async read(uri, { maxBytes = DEFAULT_MAX_BYTES } = {}) {
    try {
      const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand(locationOf(uri)));
      if (ContentLength > maxBytes) throw blobTooLarge(uri, ContentLength, maxBytes);
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      throw error instanceof S3ServiceException && error.name === "NoSuchKey" ? blobNotFound(uri) : error;
    }
  },

  async create(uri, body) {
    try {
      await client.send(new PutObjectCommand({ ...locationOf(uri), Body: body, IfNoneMatch: "*" }));
    } catch (error) {
      const taken = error instanceof S3ServiceException && error.name === "PreconditionFailed";
      throw taken ? blobExists(uri) : error;
    }
  },

  async list(folder, prefix = "") {
    const { Bucket, Key } = locationOf(folder.endsWith("/") ? folder : `${folder}/`);
    const uris: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: `${Key}${prefix}`, Delimiter: "/", ContinuationToken }),
      );
      uris.push(...(page.Contents ?? []).map((object) => `s3://${Bucket}/${object.Key}`));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return uris.sort();
  },
});
