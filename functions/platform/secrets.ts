import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretsManager, systemClock } from "../../lib/aws/index.ts";
import { tracer } from "./observers.ts";

/** For the entries that name secrets; a module of its own, so that no other bundle carries the client of Secrets Manager. */
export const secrets = secretsManager(tracer.captureAwsClient(new SecretsManagerClient({})), systemClock);
