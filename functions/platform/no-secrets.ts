import type { Secrets } from "../../lib/ports/index.ts";

/** For what needs no secret: the client of Secrets Manager stays out of its bundle. */
export const noSecrets: Secrets = {
  read: (name) =>
    Promise.reject(new TypeError(`The entry of this function gives nobody who knows the secret ${name}.`)),
};
