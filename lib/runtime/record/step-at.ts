import { undoPath } from "../../contract/index.ts";

/** `lines#2/book~undo` is an attempt of `book`. */
export const stepAt = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(undoPath(""), "");
