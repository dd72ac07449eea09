import { createHash } from "node:crypto";
import { HoldfastError } from "../../lib/contract/index.ts";
import type { BlobStore, ToolContext } from "../../lib/runtime/index.ts";
import type { Change, SupportRequested } from "./schemas.ts";

type Content = Readonly<Record<string, unknown>>;

/** What identifies a message to the shop, and what a repeat of it has in common with it. */
interface Message {
  readonly requestId: string;
  readonly kind: string;
  readonly idempotencyKey: string;
}

/**
 * Puts one new object into the outbox and says where. Its name comes of the idempotency key: a repeat finds it there, and
 * changes nothing.
 */
export async function putMessage(blobs: BlobStore, outbox: string, message: Message & Content): Promise<string> {
  const { requestId, kind, idempotencyKey } = message;
  const object = `${folder(outbox)}${prefixOf(requestId)}${kind}-${digest(idempotencyKey)}.json`;
  try {
    await blobs.create(object, `${JSON.stringify(message, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== "blob-exists") throw error;
  }
  return object;
}

/** Tells the shop of a change. */
export async function putChange(
  { given, blobs, idempotencyKey }: ToolContext<SupportRequested>,
  kind: Change["kind"],
  orderId: string,
  details: Content,
): Promise<Change> {
  const { requestId, customerId, outbox } = given;
  const message = { requestId, customerId, kind, orderId, ...details, idempotencyKey };
  return { object: await putMessage(blobs, outbox, message), kind, orderId };
}

/** The id's schema allows nothing else; this holds where none is asked. */
const prefixOf = (requestId: string) => `${requestId.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 64)}-`;

const folder = (uri: string) => (uri.endsWith("/") ? uri : `${uri}/`);

const digest = (key: string) => createHash("sha256").update(key).digest("hex").slice(0, 32);
