import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { HoldfastError } from "../contract/index.ts";
import { type ModelClient, ToolFailed, type ToolTransport } from "../ports/index.ts";
import { accessOf } from "./aws-access.ts";
import { bedrockModelClient } from "./bedrock-model-client.ts";
import { lambdaTool } from "./lambda-tool.ts";

/**
 * Bedrock and Lambda for a process that is not on Lambda: in the Region and with the credentials that AWS tools take from
 * environment and profiles.
 *
 * What they make throws, when asked, besides what the adapters throw: Holdfast.Denied with code `aws-access-missing`, of
 * a tool as a ToolFailed.
 */
export function environmentAws() {
  const client = new DynamoDBClient({ requestHandler: { socketTimeout: 0 } });
  const bedrock = bedrockModelClient({ client });
  return {
    bedrock: {
      async converse(request) {
        await accessOf(client);
        return bedrock.converse(request);
      },
    } satisfies ModelClient,
    lambda: (name: string): ToolTransport => ({
      async call(request) {
        await accessOf(client).catch(unauthorised);
        return lambdaTool({ client }, name).call(request);
      },
    }),
  };
}

function unauthorised(error: unknown): never {
  throw error instanceof HoldfastError ? new ToolFailed("unauthorised", error.message, { cause: error }) : error;
}
