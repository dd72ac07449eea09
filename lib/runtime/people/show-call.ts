import { isObject, type Json, type JsonObject } from "../../contract/index.ts";
import { digestOf } from "../../definition/index.ts";
import type { KnownValues } from "./known-values.ts";
import { redact } from "./redact.ts";

/** A call of a tool, `{ tool, input }`, as people are shown it. @param schema of its input */
export const shownCall = (request: Json, schema: JsonObject | undefined, known: KnownValues): Json =>
  isObject(request) ? { ...request, input: redact(request.input ?? null, schema, known) } : request;

/** Whether people are shown the whole of it: what they are not shown they do not approve. */
export const isShownWhole = (request: Json, shown: Json): boolean => digestOf(request) === digestOf(shown);
