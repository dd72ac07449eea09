import { ErrorClass, HoldfastError, isObject, type Json } from "../contract/index.ts";
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

/** What credentials come to on a request. */
export interface Sealed {
  readonly headers: Readonly<Record<string, string>>;
  /** What must never be told of it. */
  readonly secrets: readonly string[];
}

/** The header that has a secret in it; none without credentials. @throws as {@link readSecret}, and where no header takes it */
export async function sealed(secrets: Secrets, auth: Credentials | undefined): Promise<Sealed> {
  if (auth === undefined) return { headers: {}, secrets: [] };
  const secret = await readSecret(secrets, auth.secret);
  if (!/^[\t\x20-\x7e\x80-\xff]+$/.test(secret)) {
    const message = `The secret ${auth.secret} holds what no header takes, such as the end of a line. Store the secret alone.`;
    throw new ToolFailed("unauthorised", message);
  }
  return { headers: { [auth.header]: `${auth.scheme} ${secret}`.trim() }, secrets: [secret] };
}

const REDACTED = "[redacted]";

/** A secret as it is, and as JSON or a URL writes it. */
const formsOf = (secret: string) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

/** A text in which no secret is left. */
export const scrubText = (text: string, secrets: readonly string[]): string =>
  secrets.flatMap(formsOf).reduce((left, form) => left.replaceAll(form, REDACTED), text);

/** Fewer characters of a secret tell nothing. */
const TELLING = 4;

/** The same for a text that may have been cut off in the midst of a secret. */
export const scrubBeginning = (text: string, secrets: readonly string[]): string =>
  secrets.flatMap(formsOf).reduce(withoutCut, scrubText(text, secrets));

function withoutCut(text: string, form: string): string {
  for (let length = Math.min(form.length, text.length); length >= TELLING; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + REDACTED;
  }
  return text;
}

/** The same for whatever JSON there is, keys included. */
export function scrub(value: Json, secrets: readonly string[]): Json {
  if (secrets.length === 0) return value;
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => scrubbed(part, secrets)) as Json;
}

function scrubbed(part: unknown, secrets: readonly string[]): unknown {
  if (typeof part === "string") return scrubText(part, secrets);
  if (!isObject(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [scrubText(key, secrets), value]));
}
