import { ErrorClass, HoldfastError } from "../contract/index.ts";
import type { Secrets } from "../ports/index.ts";

/** Secrets of environment variables: `escalations/hook` is that of HOLDFAST_SECRET_ESCALATIONS_HOOK. */
export const environmentSecrets = (environment: Readonly<Record<string, string | undefined>>): Secrets => ({
  async read(name) {
    const variable = `HOLDFAST_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
    const secret = environment[variable];
    if (secret !== undefined && secret !== "") return secret;
    throw new HoldfastError(
      ErrorClass.Permanent,
      "secret-missing",
      `The secret ${name} is read from the environment variable ${variable}, which is not set.`,
    );
  },
});
