import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretsManager, systemClock } from "../../lib/aws/index.ts";
import { webhookSender } from "../../lib/runtime/index.ts";

/** For the entries of agents that name webhooks; a module of its own, so that no other bundle carries the client of Secrets Manager. */
export const webhooks = () =>
  webhookSender({
    secrets: secretsManager(new SecretsManagerClient({}), systemClock),
    clock: systemClock,
    post: fetch,
  });
