import { ErrorClass, HoldfastError, type Json } from "../contract/index.ts";
import type { Item } from "../ports/index.ts";
import { agentOf } from "./identity.ts";
import type { StepPorts } from "./ports.ts";

/** Of JSON text. DynamoDB takes items of 400 KB, of which a checkpoint may hold two texts. */
const INLINE_BYTES = 100 * 1_024;
const LARGEST_BYTES = 32 * 1_024 * 1_024;

/**
 * The attributes under which an item keeps a value: its JSON or, where that is too large for an item, the URI of a new
 * blob, as a claim check. Every call makes a blob of its own, so that attempts never share one.
 *
 * @throws Holdfast.Permanent, code `result-too-large`
 */
export async function keep(
  { claims, chance }: Pick<StepPorts, "claims" | "chance">,
  runId: string,
  name: string,
  value: Json,
): Promise<Readonly<Record<string, string>>> {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= INLINE_BYTES) return { [name]: text };
  if (bytes > LARGEST_BYTES) {
    const message = `A result of ${bytes} bytes is too large to be kept; at most ${LARGEST_BYTES} are. Put it into an object of your own and return its URI.`;
    throw new HoldfastError(ErrorClass.Permanent, "result-too-large", message);
  }
  const uri = `${claims.folder}${agentOf(runId)}/${runId}/${chance.uuid()}.json`;
  await claims.blobs.create(uri, text).catch(requireExisting);
  return { [claimOf(name)]: uri };
}

/** The value that an item keeps under a name. */
export async function kept({ claims }: Pick<StepPorts, "claims">, item: Item, name: string): Promise<Json> {
  const uri = item[claimOf(name)];
  if (uri === undefined) return JSON.parse(String(item[name])) as Json;
  const bytes = await claims.blobs.read(String(uri), { maxBytes: LARGEST_BYTES });
  return JSON.parse(new TextDecoder().decode(bytes)) as Json;
}

/** The attribute that holds the URI of a value kept apart. */
export const claimOf = (name: string) => `${name}Claim`;

/** The name is new: whoever finds it taken has written it before, and the answer was lost. */
function requireExisting(error: unknown): void {
  if (!(error instanceof HoldfastError && error.code === "blob-exists")) throw error;
}
