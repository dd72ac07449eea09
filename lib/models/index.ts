export { type ModelScriptSource, parseModelScript } from "./model-script.ts";
export { type ChatEndpoint, openAiModelClient } from "./openai-model-client.ts";
export { readModelScript } from "./read-model-script.ts";
export { scriptedModel } from "./scripted-model.ts";
