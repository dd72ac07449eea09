import type { JsonObject } from "../contract/index.ts";
import { digestOf } from "./digest.ts";

/** What a tool of an MCP server is pinned by: SHA-256, in hex, of its name there, description and input schema as canonical JSON. */
export const pinOf = ({
  name,
  description,
  input,
}: {
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
}): string => digestOf({ name, description, input });
