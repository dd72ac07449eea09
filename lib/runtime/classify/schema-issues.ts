import { itemsOf, read, textOf } from "./read.ts";

/**
 * What a schema library found wrong, in words: zod, valibot and the failed results of any Standard Schema list `issues`,
 * arktype throws `arkErrors` or is itself such a list.
 */
export function issuesOf(value: unknown): string[] {
  const lists = [read(value, "issues"), read(value, "arkErrors"), read(value, " arkKind") === "errors" ? value : []];
  return lists.flatMap((list) => itemsOf(list)).flatMap((issue) => textOf(read(issue, "message")) ?? []);
}
