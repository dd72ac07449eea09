import { ErrorClass, HoldfastError, type Json } from "../contract/index.ts";
import { type Secrets, ToolFailed } from "../ports/index.ts";

/** How a tool is told who calls. */
export interface Credentials {
  /** Name of the secret. */
  readonly secret: string;
  readonly header: string;
  readonly scheme: string;
}

/**
 * A secret by its name, without space around it.
 *
 * @throws ToolFailed, fault `unauthorised`, where there is none: nothing is sent then. Its message says where it was looked for.
 */
export async function readSecret(secrets: Secrets, name: string): Promise<string> {
  const secret = (await secrets.read(name).catch(requirePassing)).trim();
  if (secret === "") throw new ToolFailed("unauthorised", `The secret ${name} is empty.`);
  return secret;

  function requirePassing(error: unknown): never {
    if (!(error instanceof HoldfastError && error.name === ErrorClass.Permanent)) throw error;
    throw new ToolFailed("unauthorised", error.message, { cause: error });
  }
}

const REDACTED = "[redacted]";

/** A text in which no secret is left, as it is or as JSON or a URL writes it. */
export const scrubText = (text: string, secrets: readonly string[]): string =>
  secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .reduce((left, form) => left.replaceAll(form, REDACTED), text);

/** The same for whatever JSON there is, keys included. */
export function scrub(value: Json, secrets: readonly string[]): Json {
  if (secrets.length === 0) return value;
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => scrubbed(part, secrets)) as Json;
}

function scrubbed(part: unknown, secrets: readonly string[]): unknown {
  if (typeof part === "string") return scrubText(part, secrets);
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [scrubText(key, secrets), value]));
}
