import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { decideClient } from "../../lib/aws/index.ts";
import { stackOutput } from "../../lib/aws/stack-outputs.ts";
import { DECIDE_API_OUTPUT, type Json, type JsonObject, PLATFORM_STACK } from "../../lib/contract/index.ts";
import type { Endpoint } from "./endpoint.ts";

/** Who decides where no authorizer says so. */
const SOMEBODY = "arn:aws:sts::000000000000:assumed-role/ap-lead/ann@example.com";

export interface Desk {
  list(audience: string): Promise<Asked[]>;
  read(id: string): Promise<Asked>;
  decide(decision: { readonly id: string; readonly decision: string; readonly digest: string }): Promise<Json>;
}

/** An escalation, as far as a decision needs it. */
interface Asked {
  readonly id: string;
  readonly digest: string;
}

/** The decide API of the platform; where the endpoint has no authorizers, the function behind it. */
export async function openDesk(
  { url, missing }: Endpoint,
  client: CloudFormationClient,
  decideFunction: string,
): Promise<Desk> {
  if (missing === undefined) {
    const api = decideClient({
      endpoint: new URL(await stackOutput(client, PLATFORM_STACK, DECIDE_API_OUTPUT)),
      client,
    });
    return {
      ...api,
      list: async (audience) => (await api.list([audience])) as Json & Asked[],
      read: async (id) => ((await api.read(id)) as { escalation: Json & Asked }).escalation,
    };
  }
  const ask = async (method: "GET" | "POST", path: string, query = "", body = ""): Promise<JsonObject> => {
    const event = {
      rawPath: path,
      rawQueryString: query,
      headers: { accept: "application/json" },
      body,
      isBase64Encoded: false,
      requestContext: { http: { method, sourceIp: "127.0.0.1" }, authorizer: { iam: { userArn: SOMEBODY } } },
    };
    const invoked = await fetch(new URL(`/2015-03-31/functions/${decideFunction}/invocations`, url), {
      method: "POST",
      body: JSON.stringify(event),
    });
    const answer = (await invoked.json()) as { readonly statusCode: number; readonly body: string };
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return JSON.parse(answer.body);
  };
  return {
    list: async (audience) => (await ask("GET", "/escalations", `audience=${audience}`)).escalations as Json & Asked[],
    read: async (id) => (await ask("GET", `/escalations/${id}`)).escalation as Json & Asked,
    decide: ({ id, ...decision }) => ask("POST", `/escalations/${id}/decision`, "", JSON.stringify(decision)),
  };
}
