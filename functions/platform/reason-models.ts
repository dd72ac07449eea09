import { bedrockModelClient } from "../../lib/aws/index.ts";
import { patientFetch as fetch } from "../../lib/http/index.ts";
import { type ChatEndpoint, openAiModelClient } from "../../lib/models/index.ts";
import type { ModelClient } from "../../lib/ports/index.ts";
import { noSecrets } from "./no-secrets.ts";
import { patientClient } from "./patient-client.ts";

// For the entries of reasoning steps: what an entry does not call is not in its bundle.
export { scriptedModel } from "../../lib/models/index.ts";

export const bedrock = (): ModelClient => bedrockModelClient({ client: patientClient });

/** @param secrets given where the endpoint names one. */
export const openAi = (endpoint: ChatEndpoint, secrets = noSecrets): ModelClient =>
  openAiModelClient({ secrets, fetch }, endpoint);
