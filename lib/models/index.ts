export { type OpenAiAccess, openAiModelClient } from "./openai-model-client.ts";
