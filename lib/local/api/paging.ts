import { z } from "zod";
import { ServiceError } from "../engine/index.ts";

/** The members of every request that asks for a page. */
export const pageRequest = {
  maxResults: z.int().min(0).max(1000).exactOptional(),
  nextToken: z.string().min(1).exactOptional(),
};

export interface PageRequest {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

const DEFAULT_RESULTS = 100;

/**
 * A page of a list that may grow at its front between two pages: the token says which item the page before ended with.
 *
 * @param keyOf what no two items share.
 * @throws ServiceError InvalidToken
 */
export function page<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { maxResults, nextToken }: PageRequest,
): Page<Item> {
  const start = nextToken === undefined ? 0 : 1 + items.findIndex((item) => tokenOf(keyOf(item)) === nextToken);
  if (nextToken !== undefined && start === 0) throw new ServiceError("InvalidToken", "Invalid token");
  const shown = items.slice(start, start + (maxResults || DEFAULT_RESULTS));
  const last = shown.at(-1);
  const isLast = last === undefined || start + shown.length === items.length;
  return isLast ? { items: shown } : { items: shown, nextToken: tokenOf(keyOf(last)) };
}

const tokenOf = (key: string) => Buffer.from(key).toString("base64url");
