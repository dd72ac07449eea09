import type { ErrorClass } from "../../contract/index.ts";

/** What errors are called, by what they mean. */
export type Names = Partial<Readonly<Record<ErrorClass, readonly string[]>>>;
