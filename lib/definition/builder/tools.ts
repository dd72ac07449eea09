import type { z } from "zod";
import type { JsonObject } from "../../contract/index.ts";
import type { Tool } from "../tools.ts";
import { jsonSchemaOf, type Schema, type TypeOf } from "./schema.ts";

/** A schema of a library, or JSON Schema as it is: that of a pinned MCP tool has to stay what its server lists. */
type ToolSchema = Schema | JsonObject;

type ToolSource = z.input<typeof Tool>;

export type ToolOptions = Omit<ToolSource, "input" | "output"> & {
  readonly input: ToolSchema;
  readonly output: ToolSchema;
};

export type AnyTools = Readonly<Record<string, ToolOptions>>;

/** Where a scope keeps the tools of its agent: under no name, so that no reference leads there. */
declare const TOOLS: unique symbol;

/** A scope's knowledge of what each tool answers; of JSON Schema, the type is not known. */
export interface WithTools<Tools extends AnyTools> {
  readonly [TOOLS]: {
    readonly [Name in keyof Tools]: Tools[Name]["output"] extends Schema ? TypeOf<Tools[Name]["output"]> : unknown;
  };
}

export type ToolsOf<Scope> = Scope extends { readonly [TOOLS]: infer Tools } ? Tools : Record<never, never>;

export const toolSources = (tools: AnyTools): Record<string, ToolSource> =>
  Object.fromEntries(
    Object.entries(tools).map(([name, { input, output, ...tool }]) => [
      name,
      { ...tool, input: sourceOf(input), output: sourceOf(output) },
    ]),
  );

const sourceOf = (schema: ToolSchema): JsonObject => (isSchema(schema) ? jsonSchemaOf(schema) : schema);

const isSchema = (schema: ToolSchema): schema is Schema => "~standard" in schema;
