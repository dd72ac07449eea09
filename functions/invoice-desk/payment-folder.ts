import type { BlobStore, Reconciled } from "../../lib/runtime/index.ts";

/** How the names of an invoice's objects start. The id's schema allows nothing else; this holds where none is asked. */
const prefix = (invoiceId: string) => `${invoiceId.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 64)}-`;

/** Puts one new object into the folder and says where. It never overwrites: a repeat shows as a second object. */
export async function createObject(
  blobs: BlobStore,
  folder: string,
  invoiceId: string,
  content: Readonly<Record<string, string | null>>,
): Promise<string> {
  const object = `${folder}${folder.endsWith("/") ? "" : "/"}${prefix(invoiceId)}${crypto.randomUUID()}.json`;
  await blobs.create(object, `${JSON.stringify(content, null, 2)}\n`);
  return object;
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/**
 * Looks among the invoice's objects for one that has the wanted properties. While one of them cannot be read, it is not
 * certain that none has. The ERP therefore has to leave objects in the folder until their run is over.
 */
export async function findObject<Wanted extends Readonly<Record<string, string>>>(
  blobs: BlobStore,
  folder: string,
  invoiceId: string,
  wanted: Wanted,
): Promise<Reconciled<Wanted & { object: string }>> {
  let certain = true;
  for (const object of await blobs.list(folder, prefix(invoiceId))) {
    const content = parse(await blobs.read(object));
    if (content === undefined) certain = false;
    else if (Object.entries(wanted).every(([key, value]) => content[key] === value)) {
      return { outcome: "done", result: { ...wanted, object } };
    }
  }
  return { outcome: certain ? "absent" : "unknown" };
}
