import { beginning } from "./bounded.ts";
import { scrubBeginning } from "./secret.ts";

const SAID_BYTES = 4_000;

/** The beginning of an answer that is no success, without secrets and without the halves of any. */
export const said = async (body: ReadableStream<Uint8Array> | null, secrets: readonly string[]): Promise<string> =>
  scrubBeginning(await beginning(body, SAID_BYTES), secrets);
