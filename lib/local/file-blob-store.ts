import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "../ports/index.ts";

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** Objects as files, by `file:` URI. A new object appears whole or not at all, and survives a crash once it is answered. */
export const fileBlobStore: BlobStore = {
  async read(uri, { maxBytes = DEFAULT_MAX_BYTES } = {}) {
    const path = pathOf(uri);
    const info = await stat(path).catch(absent);
    if (info === undefined || !info.isFile()) throw blobNotFound(uri);
    if (info.size > maxBytes) throw blobTooLarge(uri, info.size, maxBytes);
    return readFile(path);
  },

  async create(uri, body) {
    const path = pathOf(uri);
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}.part`;
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await link(temporary, path);
      await syncFolder(dirname(path));
    } catch (error) {
      throw codeOf(error) === "EEXIST" ? blobExists(uri) : error;
    } finally {
      await unlink(temporary);
    }
  },

  async list(folder, prefix = "") {
    const path = pathOf(folder);
    const names = (await readdir(path).catch(absent)) ?? [];
    return names
      .filter((name) => name.startsWith(prefix) && !name.endsWith(".part"))
      .sort()
      .map((name) => pathToFileURL(join(path, name)).href);
  },
};

/** A name survives a crash only once its folder is on disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function pathOf(uri: string): string {
  if (!URL.canParse(uri) || new URL(uri).protocol !== "file:") {
    throw new HoldfastError(
      ErrorClass.Permanent,
      "blob-scheme",
      `${uri} cannot be reached from here. Allowed on this machine: file: URIs, and paths relative to the event file.`,
    );
  }
  return fileURLToPath(uri);
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);

function absent(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ENOTDIR") throw error;
}
