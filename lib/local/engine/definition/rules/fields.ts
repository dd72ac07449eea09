import { isObject, type Json, type JsonObject, listOf, objectOf } from "../../../../contract/index.ts";
import { jsonataOf } from "../../expression/template.ts";
import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion, RawState } from "../raw.ts";

type Check = (value: Json) => string | undefined;

const anything: Check = () => undefined;
const text: Check = (value) => (typeof value === "string" ? undefined : "Expected value of type String");
const object: Check = (value) => (isObject(value) ? undefined : "Expected value of type Object");
const list: Check = (value) => (Array.isArray(value) ? undefined : "Expected value of type Array");
const filledList: Check = (value) =>
  list(value) ?? (listOf(value).length > 0 ? undefined : "Expected at least one item");
const isTrue: Check = (value) => (value === true ? undefined : "Expected value 'true'");
const expression: Check = (value) =>
  typeof value === "string" && jsonataOf(value) !== undefined ? undefined : "Expected a JSONata expression";
const jsonata =
  (literal: Check): Check =>
  (value) =>
    expression(value) === undefined ? undefined : literal(value);
const integer =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `Expected an integer from ${least} to ${most}`;
const number =
  (least: number, most = Number.POSITIVE_INFINITY): Check =>
  (value) =>
    typeof value === "number" && value >= least && value <= most ? undefined : `Expected a number of at least ${least}`;
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && values.includes(value) ? undefined : `Expected one of [${values.join(", ")}]`;

interface Shape {
  readonly required?: Readonly<Record<string, Check>>;
  readonly allowed?: Readonly<Record<string, Check>>;
}

const LONGEST_SECONDS = 99_999_999;
const SECONDS = integer(0, LONGEST_SECONDS);
const POSITIVE_SECONDS = integer(1, LONGEST_SECONDS);

const COMMON = { Type: anything, Comment: text, QueryLanguage: oneOf("JSONata", "JSONPath") };
const EFFECTS = { Assign: object, Output: anything };
const TRANSITION = { Next: text, End: isTrue };
const FAILURES = { Retry: list, Catch: list };

const STATES: Readonly<Record<string, Shape>> = {
  Pass: { allowed: { ...EFFECTS, ...TRANSITION } },
  Task: {
    required: { Resource: text },
    allowed: {
      ...EFFECTS,
      ...TRANSITION,
      ...FAILURES,
      Arguments: anything,
      Credentials: object,
      TimeoutSeconds: jsonata(POSITIVE_SECONDS),
      HeartbeatSeconds: jsonata(POSITIVE_SECONDS),
    },
  },
  Choice: { required: { Choices: filledList }, allowed: { ...EFFECTS, Default: text } },
  Wait: { allowed: { ...EFFECTS, ...TRANSITION, Seconds: jsonata(SECONDS), Timestamp: text } },
  Parallel: {
    required: { Branches: filledList },
    allowed: { ...EFFECTS, ...TRANSITION, ...FAILURES, Arguments: anything },
  },
  Map: {
    required: { ItemProcessor: object },
    allowed: {
      ...EFFECTS,
      ...TRANSITION,
      ...FAILURES,
      Items: jsonata(list),
      ItemReader: object,
      ItemSelector: anything,
      ItemBatcher: object,
      Label: text,
      MaxConcurrency: jsonata(integer(0, Number.MAX_SAFE_INTEGER)),
      ToleratedFailureCount: jsonata(integer(0, Number.MAX_SAFE_INTEGER)),
      ToleratedFailurePercentage: jsonata(number(0, 100)),
    },
  },
  Succeed: { allowed: { Output: anything } },
  Fail: { allowed: { Error: text, Cause: text } },
};

const MACHINE: Shape = {
  required: { StartAt: text, States: object },
  allowed: {
    Comment: text,
    QueryLanguage: oneOf("JSONata", "JSONPath"),
    TimeoutSeconds: POSITIVE_SECONDS,
    Version: oneOf("1.0"),
  },
};
const BRANCH: Shape = {
  required: { StartAt: text, States: object },
  allowed: { Comment: text, ProcessorConfig: object },
};
const RETRIER: Shape = {
  required: { ErrorEquals: filledList },
  allowed: {
    Comment: text,
    IntervalSeconds: POSITIVE_SECONDS,
    MaxAttempts: SECONDS,
    BackoffRate: number(1),
    MaxDelaySeconds: integer(1, 31_622_400),
    JitterStrategy: oneOf("FULL", "NONE"),
  },
};
const CATCHER: Shape = {
  required: { ErrorEquals: filledList, Next: text },
  allowed: { ...EFFECTS, Comment: text },
};
const CHOICE_RULE: Shape = {
  required: { Condition: (value) => (typeof value === "boolean" ? undefined : expression(value)), Next: text },
  allowed: { ...EFFECTS, Comment: text },
};

/** Fields that only JSONPath states have; the rule about query languages speaks of them. */
export const JSONPATH_FIELDS = new Set([
  "InputPath",
  "OutputPath",
  "Parameters",
  "ResultSelector",
  "ResultPath",
  "Result",
  "ItemsPath",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "MaxConcurrencyPath",
  "ToleratedFailureCountPath",
  "ToleratedFailurePercentagePath",
  "ErrorPath",
  "CausePath",
  "Iterator",
]);

/** Which fields there may be, which there must be, and what they hold. */
export function fields(regions: readonly RawRegion[]): Diagnostic[] {
  return regions.flatMap((region) => [
    ...checkShape(region.source, region.parent === undefined ? MACHINE : BRANCH, region.location),
    ...checkHasStates(region),
    ...region.states.flatMap(checkState),
  ]);
}

const checkHasStates = ({ source, location }: RawRegion): Diagnostic[] =>
  isObject(source.States) && Object.keys(source.States).length === 0
    ? [failed("Expected at least one state", `${location}/States`)]
    : [];

function checkState({ source, location, queryLanguage }: RawState): Diagnostic[] {
  const { Type } = source;
  const shape = typeof Type === "string" && Object.hasOwn(STATES, Type) ? STATES[Type] : undefined;
  if (shape === undefined) {
    const message = Type === undefined ? "These fields are required: [Type]" : oneOf(...Object.keys(STATES))(Type);
    return [failed(message ?? "", Type === undefined ? location : `${location}/Type`)];
  }
  if (queryLanguage !== "JSONata") return [];
  return [
    ...checkShape(source, { ...shape, allowed: { ...COMMON, ...shape.allowed } }, location),
    ...checkEnding(source, shape, location),
    ...checkWait(source, location),
    ...each(source.Retry, `${location}/Retry`, RETRIER),
    ...each(source.Catch, `${location}/Catch`, CATCHER),
    ...each(source.Choices, `${location}/Choices`, CHOICE_RULE),
  ];
}

function checkEnding(source: JsonObject, { allowed = {} }: Shape, location: string): Diagnostic[] {
  if (!("Next" in allowed) || (source.Next === undefined) !== (source.End === undefined)) return [];
  return [failed("A state must have one of the fields [Next, End], and not both", location)];
}

function checkWait(source: JsonObject, location: string): Diagnostic[] {
  if (source.Type !== "Wait" || (source.Seconds === undefined) !== (source.Timestamp === undefined)) return [];
  return [failed("A Wait state must have one of the fields [Seconds, Timestamp], and not both", location)];
}

const each = (source: Json | undefined, location: string, shape: Shape) =>
  listOf(source).flatMap((item, index) => checkShape(objectOf(item), shape, `${location}[${index}]`));

function checkShape(source: JsonObject, { required = {}, allowed = {} }: Shape, location: string): Diagnostic[] {
  const missing = Object.keys(required).filter((field) => source[field] === undefined);
  const checks: Readonly<Record<string, Check>> = { ...required, ...allowed };
  return [
    ...(missing.length > 0 ? [failed(`These fields are required: [${missing.join(", ")}]`, location || "/")] : []),
    ...Object.entries(source).flatMap(([field, value]) => {
      if (JSONPATH_FIELDS.has(field)) return [];
      const check = Object.hasOwn(checks, field) ? checks[field] : undefined;
      const problem = check === undefined ? "Field is not supported" : check(value);
      return problem === undefined ? [] : [failed(problem, `${location}/${field}`)];
    }),
  ];
}

const failed = (message: string, location: string): Diagnostic => ({
  code: "SCHEMA_VALIDATION_FAILED",
  message,
  location,
});
