import { ErrorClass, HoldfastError } from "../contract/index.ts";

const FORBIDDEN =
  /^(AccessDenied(Exception)?|UnauthorizedOperation|UnrecognizedClientException|ExpiredToken(Exception)?|InvalidClientTokenId|KMSAccessDeniedException)$/;
const THROTTLED = /Throttl|TooManyRequests|ProvisionedThroughputExceeded|LimitExceeded/;

interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly next: string | undefined;
}

/** Reads all pages of something, as {@link reading} does: one may be empty and not be the last. @param page by its token. */
export const readingAll = <Item>(
  action: string,
  page: (token: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> =>
  reading(action, async () => {
    const all: Item[] = [];
    let token: string | undefined;
    do {
      const { items = [], next } = await page(token);
      all.push(...items);
      token = next;
    } while (token !== undefined);
    return all;
  });

/**
 * Does what reads something of a stack; what is refused is thrown with what to do about it.
 *
 * @param action the permission that it takes, as policies name it.
 * @throws Holdfast.Denied, code `stack-forbidden`; Holdfast.Throttled, code `stack-throttled`
 */
export async function reading<Result>(action: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (FORBIDDEN.test(error.name)) {
      const message = `AWS does not let you do ${action}: ${error.name}. Sign in, or have your identity given the permissions of a reader (docs/inspecting.md).`;
      throw new HoldfastError(ErrorClass.Denied, "stack-forbidden", message, { cause: error });
    }
    if (THROTTLED.test(error.name)) {
      const message = `AWS throttles ${action}, and did so several times: ${error.name}. Ask again in a minute; ask for less with --since or --limit.`;
      throw new HoldfastError(ErrorClass.Throttled, "stack-throttled", message, { cause: error });
    }
    throw error;
  }
}
