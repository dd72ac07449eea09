import { z } from "zod";
import type { JsonObject } from "../contract/index.ts";
import { AgentDocument } from "./document.ts";

/** The published JSON Schema of agent documents as they are written: what has a default may be left out. */
export function jsonSchemaOfDocuments(): JsonObject {
  const options = { target: "draft-2020-12", io: "input", unrepresentable: "any" } as const;
  const { $schema, ...schema } = z.toJSONSchema(AgentDocument, options);
  return JSON.parse(JSON.stringify({ $schema, $id: "urn:holdfast:agent:1", ...schema })) as JsonObject;
}
