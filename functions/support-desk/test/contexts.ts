import { readFileSync } from "node:fs";
import type { ToolContext } from "../../../lib/runtime/index.ts";
import { type MemoryBlobs, memoryBlobs } from "../../../test/fakes/memory-blobs.ts";
import type { SupportRequested } from "../schemas.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
export const SHOP = "s3://desk/shop.json";
export const POLICY = "s3://desk/policy.md";
export const OUTBOX = "s3://desk/outbox";

export const fixture = (path: string): string => readFileSync(new URL(path, FIXTURES), "utf8");

export interface Envelope {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: SupportRequested;
}

export const readEvent = (name: string): Envelope => JSON.parse(fixture(`events/${name}.json`));

/** The request of an event, over a shop in memory. */
export const requestOf = (name: string, changes: Partial<SupportRequested> = {}): SupportRequested => ({
  ...readEvent(name).detail,
  ...{ shop: SHOP, policy: POLICY, outbox: OUTBOX },
  ...changes,
});

export const shopBlobs = (): MemoryBlobs =>
  memoryBlobs({ [SHOP]: fixture("shop/shop.json"), [POLICY]: fixture("shop/policy.md") });

/** What a tool is given besides its input. */
export const callOf = (given: SupportRequested, blobs: MemoryBlobs, key = "key-1"): ToolContext<SupportRequested> => ({
  given,
  blobs,
  idempotencyKey: key,
  signal: new AbortController().signal,
});

/** What the outbox holds, apart from the shop. */
export const sent = ({ objects }: MemoryBlobs): Record<string, unknown>[] =>
  [...objects].flatMap(([uri, body]) =>
    uri.startsWith(`${OUTBOX}/`) ? [JSON.parse(new TextDecoder().decode(body))] : [],
  );
