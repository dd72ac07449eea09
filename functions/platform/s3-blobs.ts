import { S3Client } from "@aws-sdk/client-s3";
import { s3BlobStore } from "../../lib/aws/s3-blob-store.ts";

/** For the entries of steps that declare a bucket; a module of its own, so that no other bundle carries the S3 client. */
export const s3Blobs = () => s3BlobStore(new S3Client({}));
