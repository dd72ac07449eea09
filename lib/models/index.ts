export { type ModelScript, type ModelScriptSource, parseModelScript } from "./model-script.ts";
export { type ChatEndpoint, openAiModelClient } from "./openai-model-client.ts";
export { readModelScript } from "./read-model-script.ts";
export { type ScriptedCall, type ScriptedModel, scriptedModel } from "./scripted-model.ts";
