import { type Json, type JsonObject, listOf, objectOf } from "../../../contract/index.ts";
import { compileTemplate, type Template } from "../expression/template.ts";
import type {
  Catcher,
  ChoiceRule,
  Effects,
  ItemBatcher,
  ItemReader,
  Machine,
  Region,
  Retrier,
  State,
} from "./model.ts";
import { textOf } from "./raw.ts";
import { parseResource } from "./resource.ts";
import { validate } from "./validate.ts";

/**
 * Checks a definition and prepares it to be run any number of times.
 *
 * @throws InvalidDefinition with every problem found, in AWS's words where they are known.
 */
export function compileMachine(definition: Json): Machine {
  const document = validate(definition);
  const { TimeoutSeconds } = document;
  return {
    ...compileRegion(document),
    ...(typeof TimeoutSeconds === "number" ? { timeoutSeconds: TimeoutSeconds } : {}),
  };
}

function compileRegion(source: JsonObject): Region {
  const states = Object.entries(objectOf(source.States)).map(
    ([name, state]) => [name, compileState(name, objectOf(state))] as const,
  );
  return { startAt: textOf(source.StartAt), states: new Map(states) };
}

/** Of a state that has been validated. */
function compileState(name: string, source: JsonObject): State {
  const common = { name, ...effects(source), ...optional("next", source.Next, textOf) };
  switch (source.Type) {
    case "Pass":
      return { type: "Pass", ...common };
    case "Task":
      return {
        type: "Task",
        ...common,
        ...failureHandling(source),
        resource: resourceOf(source),
        ...templates(source, {
          arguments: "Arguments",
          timeoutSeconds: "TimeoutSeconds",
          heartbeatSeconds: "HeartbeatSeconds",
        }),
        ...optional("roleArn", objectOf(source.Credentials).RoleArn, (arn) =>
          compileTemplate(arn, "Credentials/RoleArn"),
        ),
      };
    case "Choice":
      return {
        type: "Choice",
        name,
        ...effects(source),
        rules: listOf(source.Choices).map(choiceRule),
        ...optional("default", source.Default, textOf),
      };
    case "Wait":
      return { type: "Wait", ...common, until: waitUntil(source) };
    case "Parallel":
      return {
        type: "Parallel",
        ...common,
        ...failureHandling(source),
        ...templates(source, { arguments: "Arguments" }),
        branches: listOf(source.Branches).map((branch) => compileRegion(objectOf(branch))),
      };
    case "Map":
      return compileMap(source, common);
    case "Succeed":
      return { type: "Succeed", name, ...templates(source, { output: "Output" }) };
    default:
      return { type: "Fail", name, ...templates(source, { error: "Error", cause: "Cause" }) };
  }
}

function compileMap(source: JsonObject, common: Effects & { name: string; next?: string }): State {
  const processor = objectOf(source.ItemProcessor);
  return {
    type: "Map",
    ...common,
    ...failureHandling(source),
    ...templates(source, {
      items: "Items",
      itemSelector: "ItemSelector",
      maxConcurrency: "MaxConcurrency",
      toleratedFailureCount: "ToleratedFailureCount",
      toleratedFailurePercentage: "ToleratedFailurePercentage",
    }),
    ...optional("itemReader", source.ItemReader, (reader) => itemReader(objectOf(reader))),
    ...optional("itemBatcher", source.ItemBatcher, (batcher) => itemBatcher(objectOf(batcher))),
    ...optional("label", source.Label, textOf),
    distributed: objectOf(processor.ProcessorConfig).Mode === "DISTRIBUTED",
    processor: compileRegion(processor),
  };
}

function itemReader(source: JsonObject): ItemReader {
  return {
    resource: resourceOf(source),
    ...templates(source, { arguments: "Arguments" }, "ItemReader/"),
    ...templates(objectOf(source.ReaderConfig), { maxItems: "MaxItems" }, "ItemReader/ReaderConfig/"),
  };
}

const itemBatcher = (source: JsonObject): ItemBatcher =>
  templates(
    source,
    {
      maxItemsPerBatch: "MaxItemsPerBatch",
      maxInputBytesPerBatch: "MaxInputBytesPerBatch",
      batchInput: "BatchInput",
    },
    "ItemBatcher/",
  );

function effects(source: JsonObject, location = ""): Effects {
  return templates(source, { assign: "Assign", output: "Output" }, location);
}

function choiceRule(rule: Json, index: number): ChoiceRule {
  const source = objectOf(rule);
  const location = `Choices[${index}]/`;
  return {
    condition: compileTemplate(source.Condition ?? false, `${location}Condition`),
    next: textOf(source.Next),
    ...effects(source, location),
  };
}

function waitUntil(source: JsonObject) {
  return source.Seconds === undefined
    ? { kind: "timestamp" as const, template: compileTemplate(source.Timestamp ?? null, "Timestamp") }
    : { kind: "seconds" as const, template: compileTemplate(source.Seconds, "Seconds") };
}

function failureHandling(source: JsonObject) {
  return { retry: listOf(source.Retry).map(retrier), catch: listOf(source.Catch).map(catcher) };
}

const DEFAULT_RETRY = { IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, MaxDelaySeconds: Number.POSITIVE_INFINITY };

function retrier(rule: Json): Retrier {
  const source = objectOf(rule);
  const number = (field: keyof typeof DEFAULT_RETRY) => Number(source[field] ?? DEFAULT_RETRY[field]);
  return {
    errors: listOf(source.ErrorEquals).map(textOf),
    intervalSeconds: number("IntervalSeconds"),
    backoffRate: number("BackoffRate"),
    maxAttempts: number("MaxAttempts"),
    maxDelaySeconds: number("MaxDelaySeconds"),
    jitter: source.JitterStrategy === "FULL",
  };
}

function catcher(rule: Json, index: number): Catcher {
  const source = objectOf(rule);
  return {
    errors: listOf(source.ErrorEquals).map(textOf),
    next: textOf(source.Next),
    ...effects(source, `Catch[${index}]/`),
  };
}

function templates<Name extends string>(
  source: JsonObject,
  fields: Readonly<Record<Name, string>>,
  location = "",
): { readonly [Field in Name]?: Template } {
  const compiled: { [Field in Name]?: Template } = {};
  for (const [name, field] of Object.entries(fields) as [Name, string][]) {
    const value = source[field];
    if (value !== undefined) compiled[name] = compileTemplate(value, `${location}${field}`);
  }
  return compiled;
}

function resourceOf(source: JsonObject) {
  const resource = parseResource(textOf(source.Resource));
  if (resource === undefined) throw new TypeError(`${textOf(source.Resource)} names no resource; validate first.`);
  return resource;
}

const optional = <Name extends string, Value>(name: Name, source: Json | undefined, of: (source: Json) => Value) =>
  (source === undefined ? {} : { [name]: of(source) }) as { readonly [Field in Name]?: Value };
