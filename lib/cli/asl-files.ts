import { readFile } from "node:fs/promises";
import type { z } from "zod";
import type { Json } from "../contract/index.ts";
import { InvalidDefinition, ServiceError } from "../local/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { usageError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** A definition, as JSON or as a JSON text that holds it. @throws InvalidDefinition for what is no JSON. */
export async function readDefinition(file: string): Promise<Json> {
  const text = await read("--definition", file);
  try {
    const document: Json = JSON.parse(text);
    return typeof document === "string" ? JSON.parse(document) : document;
  } catch (error) {
    const message = reasonOf(error);
    throw new InvalidDefinition([{ code: "INVALID_JSON_DESCRIPTION", message, location: "/" }]);
  }
}

/** @throws ServiceError InvalidExecutionInput for what is no JSON. */
export async function readInput(file: string): Promise<Json> {
  const text = await read("--input", file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError("InvalidExecutionInput", reasonOf(error));
  }
}

/** The content of an option's file, if the option is given. @throws Holdfast.InvalidInput for what has another shape. */
export async function readOption<Shape extends z.ZodType>(
  option: string,
  file: string | undefined,
  shape: Shape,
): Promise<z.output<Shape> | undefined> {
  if (file === undefined) return undefined;
  const text = await read(option, file);
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw usageError("asl-file-invalid", `${option} ${file} is not what the option takes: ${reasonOf(error)}`);
  }
}

async function read(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw usageError("asl-file-missing", `${option} ${file} cannot be read: ${reasonOf(error)}.`);
  }
}

/** Tells of what AWS would refuse. @throws the error, if it is no such refusal. */
export function printRefusal(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const code = codeOf(error);
  if (code === undefined) throw error;
  const cause = reasonOf(error);
  if (json) terminal.out(JSON.stringify({ status: "INVALID", error: code, cause }));
  else terminal.err(`${terminal.colors.red(code)} ${cause}`);
  return ExitCode.usage;
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof InvalidDefinition) return error.name;
  if (error instanceof ServiceError) return error.code;
  return error instanceof TypeError ? "ValidationException" : undefined;
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
