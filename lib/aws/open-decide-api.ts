import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DECIDE_API_OUTPUT } from "../contract/index.ts";
import { type DecideClient, decideClient } from "./decide-client.ts";
import { stackOutput } from "./stack-outputs.ts";

/**
 * The decide API of a platform's stack, as whoever the AWS SDK finds credentials of, or as the bearer of a token.
 *
 * @throws HoldfastError when the stack has no such API, or may not be looked at.
 */
export async function openDecideApi(stack: string, token: string | undefined): Promise<DecideClient> {
  const client = new CloudFormationClient({});
  const endpoint = new URL(await stackOutput(client, stack, DECIDE_API_OUTPUT));
  return decideClient({ endpoint, client, token });
}
