import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { type ModelScript, parseModelScript, scriptInvalid } from "./model-script.ts";

/**
 * Reads a script from a file of YAML or JSON.
 *
 * @param name as the agent has it. @throws Holdfast.InvalidInput with code `script-invalid`
 */
export function readModelScript(file: string, name: string): ModelScript {
  let source: unknown;
  try {
    source = parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (isMissing(error)) throw scriptMissing(name);
    // After its first line a message has an excerpt of the file.
    throw scriptInvalid(name, (error instanceof Error ? error.message : String(error)).replace(/:?\n.*$/s, ""));
  }
  return parseModelScript(source, name);
}

const isMissing = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const scriptMissing = (name: string) =>
  new HoldfastError(
    ErrorClass.InvalidInput,
    "script-invalid",
    `There is no file ${name} beside the agent. Write the script, or correct its name.`,
  );
