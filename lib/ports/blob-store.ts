import { ErrorClass, HoldfastError } from "../contract/index.ts";

/**
 * Objects named by URI: `file:` URIs on a laptop, `s3:` URIs on AWS.
 *
 * Implementations refuse URIs of a scheme they do not serve with `Holdfast.Permanent`.
 */
export interface BlobStore {
  /**
   * The whole object.
   * @param options.maxBytes refuses larger objects before they are loaded. Default 10 MiB.
   * @throws {@link blobNotFound}, {@link blobTooLarge}
   */
  read(uri: string, options?: { maxBytes?: number }): Promise<Uint8Array>;
  /**
   * Creates a new object. Never overwrites: an object that is there already stays as it is.
   * @throws {@link blobExists}
   */
  create(uri: string, body: Uint8Array | string): Promise<void>;
  /** URIs of the objects directly in a folder whose names start with `prefix`, sorted. An absent folder is empty. */
  list(folder: string, prefix?: string): Promise<string[]>;
}

export const blobNotFound = (uri: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "blob-not-found",
    `There is no object at ${uri}. Check the URI and that the object was uploaded.`,
  );

export const blobExists = (uri: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "blob-exists",
    `An object is already at ${uri}, and objects are never overwritten. Choose a new name.`,
  );

export const blobTooLarge = (uri: string, bytes: number, maxBytes: number) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "blob-too-large",
    `${uri} has ${bytes} bytes; at most ${maxBytes} are read. Send a smaller object.`,
  );
