import { undoPath } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";

/** Of the item of an action: `ACTION#<path>#<visit>#<key>`, where only the path can have a # of its own, before an item's index. */
export function placeOf({ sk }: Pick<Item, "sk">) {
  const [, path = "", visit = "", key = ""] = /^ACTION#(.*)#(\d+)#([^#]*)$/.exec(sk) ?? [];
  return { path, visit: Number(visit), key };
}

/** `lines#2/book~undo` is an attempt of `book`. */
export const stepAt = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(undoPath(""), "");
