import { existsSync } from "node:fs";

/** The page of an error code, if it is one of Holdfast's own. */
export function errorPage(code: string): string | null {
  const page = `docs/errors/${code}.md`;
  const isName = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(code);
  return isName && existsSync(new URL(`../../${page}`, import.meta.url)) ? page : null;
}
