import { GRPC_CODES } from "./grpc-codes.ts";
import { attempt, firstOf, isObject, itemsOf, numberOf, read, textOf } from "./read.ts";

/** Where the body of an error answer is: Anthropic, OpenAI, axios and gaxios, AI SDK, got. */
const BODIES = [
  ["error", "error"],
  ["error"],
  ["response", "data", "error"],
  ["data", "error"],
  ["response", "body", "error"],
];
/** Anthropic, everybody, S3, model APIs, Google; a `status` that is a text is Google's, too. */
const CODES = [["details", "error_code"], ["code"], ["Code"], ["type"], ["reason"], ["status"]];
/** AWS SDK, fetch, OpenAI and undici; axios and a thrown or attached Response, got; Google. */
const STATUSES = [
  ["$metadata", "httpStatusCode"],
  ["$response", "statusCode"],
  ["status"],
  ["statusCode"],
  ["response", "status"],
  ["response", "statusCode"],
  ["code"],
];

/** What the answer to a request said of the error, wherever its client put that; the innermost first. */
export const bodiesOf = (error: unknown): object[] => BODIES.map((path) => read(error, ...path)).filter(isObject);

/** What an error, or the body of an answer, calls itself besides its name; the most specific first. */
export function codesOf(error: unknown): string[] {
  const code = numberOf(read(error, "code"));
  return [
    ...CODES.flatMap((path) => textOf(read(error, ...path)) ?? []),
    ...(code !== undefined && isGrpc(error) ? [GRPC_CODES[code] ?? []].flat() : []),
    ...(code === undefined ? [] : [String(code)]),
  ];
}

export const statusOf = (error: unknown): number | undefined =>
  firstOf(STATUSES, (path) => status(read(error, ...path)));

/** The errors of an AggregateError, of a list of attempts, of a list in a Google answer; those that cancelled a transaction. */
export const partsOf = (error: unknown): unknown[] => [
  ...[error, ...bodiesOf(error)].flatMap((each) => itemsOf(read(each, "errors"))),
  ...itemsOf(read(error, "CancellationReasons")).filter((reason) => read(reason, "Code") !== "None"),
];

/** Small numbers are codes of many things; those of gRPC come with details. */
const isGrpc = (error: unknown) =>
  ["details", "statusDetails"].some((key) => {
    const details = read(error, key);
    return typeof details === "string" || attempt(() => Array.isArray(details)) === true;
  });

function status(given: unknown): number | undefined {
  const number = typeof given === "string" ? Number(given) : numberOf(given);
  return number !== undefined && Number.isInteger(number) && number >= 100 && number <= 599 ? number : undefined;
}
