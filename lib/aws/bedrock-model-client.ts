import type { ModelClient } from "../ports/index.ts";
import { type CachePlace, converseBody, responseOf } from "./bedrock-messages.ts";
import { requestConverse } from "./bedrock-request.ts";
import type { ServiceAccess } from "./signed-post.ts";

/**
 * Models of Amazon Bedrock by Converse, without the Bedrock client: it would weigh a sixth of a step's bundle. System
 * prompt, tools and conversation are cached where the model takes cache points; below its minimum it ignores them.
 *
 * @throws ServiceFailure, and what the connection fails with
 */
export const bedrockModelClient = (access: ServiceAccess): ModelClient => ({
  async converse(request) {
    const body = converseBody(request, cachePlacesOf(request.model));
    return responseOf(request, await requestConverse(access, request.model, body, request.signal));
  },
});

/**
 * A model that takes no cache points refuses the whole request, so only families that are known to take them get any. Nova
 * takes none among its tools, nor after the result of a tool (Amazon Bedrock user guide: prompt caching).
 */
function cachePlacesOf(model: string): readonly CachePlace[] {
  if (/\banthropic\.claude-[a-z]+-\d/.test(model)) return ["system", "tools", "messages"];
  return /\bamazon\.nova-(micro|lite|pro|premier)-/.test(model) ? ["system"] : [];
}
