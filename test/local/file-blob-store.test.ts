import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { fileBlobStore } from "../../lib/local/file-blob-store.ts";
import { blobStoreConformance } from "../conformance/blob-store.ts";

const directory = await mkdtemp(join(tmpdir(), "holdfast-blobs-"));
afterAll(() => rm(directory, { recursive: true }));

let folders = 0;
blobStoreConformance("the file store", async () => ({
  blobs: fileBlobStore,
  folder: `${pathToFileURL(join(directory, `folder-${++folders}`)).href}/`,
}));
