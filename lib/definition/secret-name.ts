import { z } from "zod";

export const SecretName = z
  .string()
  .regex(/^[A-Za-z0-9/_.-]{1,200}$/, "must be the name of a secret: letters, digits and / _ . -")
  .describe("Name of the secret; never the secret itself.");
