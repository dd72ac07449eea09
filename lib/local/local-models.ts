import { resolve } from "node:path";
import { type LoadedAgent, sourceOf } from "../definition/index.ts";
import { patientFetch } from "../http/index.ts";
import { openAiModelClient, readModelScript, scriptedModel } from "../models/index.ts";
import type { ModelClient, Secrets } from "../ports/index.ts";
import type { OpenAws } from "./local-aws.ts";

/** The client of a model that an agent names, by its id. @throws Holdfast.InvalidInput, code `script-invalid` */
export type LocalModels = (agent: LoadedAgent, id: string) => ModelClient;

/** Clients of models, one a script or model for the life of the process. Nothing of AWS is loaded before it is asked. */
export function localModels({ secrets, aws }: { readonly secrets: Secrets; readonly aws: OpenAws }): LocalModels {
  const known = new Map<string, ModelClient>();
  const bedrock: ModelClient = { converse: async (request) => (await aws()).bedrock.converse(request) };

  return ({ name, directory, document }, id) => {
    const source = sourceOf(document.models, id);
    if (source === undefined) throw new TypeError(`Nobody knows where ${id} is asked; run checked agents only.`);
    if (source.kind === "bedrock") return bedrock;
    const key = source.kind === "script" ? resolve(directory, source.file) : `${name} ${id}`;
    const found =
      known.get(key) ??
      (source.kind === "script"
        ? scriptedModel(readModelScript(key, source.file))
        : openAiModelClient({ secrets, fetch: patientFetch }, { ...source.endpoint, model: source.model }));
    known.set(key, found);
    return found;
  };
}
