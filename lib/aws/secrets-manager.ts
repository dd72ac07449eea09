import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import type { Clock, Secrets } from "../ports/index.ts";

/** A secret that was rotated is read anew after so long. */
const KEPT_MS = 5 * 60_000;

/** Secrets of AWS Secrets Manager by their names: text, in its current version. Each is kept for 5 minutes; failures are not. */
export function secretsManager(client: SecretsManagerClient, clock: Pick<Clock, "now">): Secrets {
  const kept = new Map<string, { readonly secret: string; readonly until: number }>();
  return {
    async read(name) {
      const known = kept.get(name);
      if (known !== undefined && clock.now() < known.until) return known.secret;
      const secret = await fetchSecret(client, name);
      kept.set(name, { secret, until: clock.now() + KEPT_MS });
      return secret;
    },
  };
}

async function fetchSecret(client: SecretsManagerClient, name: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw withoutValue(error, name);
  }
  throw new HoldfastError(
    ErrorClass.Permanent,
    "secret-missing",
    `AWS Secrets Manager has no text under the name ${name}. Create it, as in "aws secretsmanager create-secret --name ${name}".`,
  );
}

/** An answer that cannot be read is quoted in the error about it. */
function withoutValue(error: unknown, name: string): unknown {
  if (error instanceof SecretsManagerServiceException) return error;
  return new HoldfastError(
    ErrorClass.Transient,
    "secret-unreadable",
    `The secret ${name} could not be read from AWS Secrets Manager: ${error instanceof Error ? error.name : "unknown"}.`,
  );
}
