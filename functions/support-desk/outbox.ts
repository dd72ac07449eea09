import { createHash } from "node:crypto";
import { ErrorClass, HoldfastError } from "../../lib/contract/index.ts";
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

const CHANGES: readonly unknown[] = ["refund", "exchange", "address"] satisfies Change["kind"][];

/**
 * The changes of a request, by what the outbox holds. The shop therefore has to leave objects there until their run is over.
 *
 * @throws Holdfast.NeedsHuman: an object of the request cannot be read.
 */
export async function changesOf(blobs: BlobStore, outbox: string, requestId: string): Promise<readonly Sent[]> {
  const objects = await blobs.list(outbox, prefixOf(requestId));
  const messages = await Promise.all(objects.map(async (object) => ({ object, ...parsed(await blobs.read(object)) })));
  return messages.filter(
    (message): message is Sent => message.requestId === requestId && CHANGES.includes(message.kind),
  );
}

export interface Sent extends Message {
  readonly object: string;
}

function parsed(bytes: Uint8Array): Partial<Message> {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new HoldfastError(
      ErrorClass.NeedsHuman,
      "message-unreadable",
      "A message to the shop cannot be read, so it is not known what has been asked for. Look into the outbox.",
      { cause },
    );
  }
}

/** The id's schema allows nothing else; this holds where none is asked. */
const prefixOf = (requestId: string) => `${requestId.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 64)}-`;

const folder = (uri: string) => (uri.endsWith("/") ? uri : `${uri}/`);

const digest = (key: string) => createHash("sha256").update(key).digest("hex").slice(0, 32);
