import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type ModelScript, parseModelScript, scriptInvalid } from "./model-script.ts";

/** Reads a script from a file of YAML or JSON. @throws Holdfast.InvalidInput with code `script-invalid` */
export function readModelScript(file: string): ModelScript {
  let source: unknown;
  try {
    source = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw scriptInvalid(file, error instanceof Error ? error.message : String(error));
  }
  return parseModelScript(source, file);
}
