import { type Layer, layersOf } from "./layer.ts";
import { attempt, firstOf, isObject, itemsOf, numberOf, read } from "./read.ts";
import { bodiesOf } from "./structure.ts";

/** Where the headers of an answer are: fetch, OpenAI and Anthropic; axios and got; AI SDK; AWS SDK; gRPC. */
const HEADERS = [["headers"], ["response", "headers"], ["responseHeaders"], ["$response", "headers"], ["metadata"]];
/** OpenAI, Azure, AWS */
const IN_MILLISECONDS = ["retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after"];
/** Where google.rpc.RetryInfo is: in a REST body or a ConnectRPC error, in what google-gax decodes. */
const DETAILS = ["details", "statusDetails"];

/**
 * How long to wait, in seconds, as the answers in a chain of errors ask: the longest of them.
 *
 * @param now milliseconds since 1970, to which an HTTP date is compared. Without it, the answer's own `Date` serves.
 */
export function retryAfterSeconds(layer: Layer, now?: number): number | undefined {
  const asked = layersOf(layer)
    .flatMap(({ value }) => [
      numberOf(read(value, "retryAfterSeconds")),
      ...HEADERS.map((path) => inHeaders(read(value, ...path), now)),
      ...[value, ...bodiesOf(value)].flatMap((each) =>
        DETAILS.flatMap((key) => itemsOf(read(each, key)).map(inDetail)),
      ),
    ])
    .flatMap((seconds) => (seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : []));
  return asked.length === 0 ? undefined : Math.max(...asked);
}

function inHeaders(headers: unknown, now: number | undefined): number | undefined {
  const milliseconds = firstOf(IN_MILLISECONDS, (name) => decimal(header(headers, name)));
  if (milliseconds !== undefined) return milliseconds / 1_000;
  const asked = header(headers, "retry-after");
  return decimal(asked) ?? secondsUntil(asked, now ?? dateIn(header(headers, "date")));
}

function secondsUntil(date: string | undefined, now: number | undefined): number | undefined {
  const then = dateIn(date);
  return then === undefined || now === undefined ? undefined : Math.max(0, (then - now) / 1_000);
}

/** Dates of HTTP tell a time of day; Date.parse takes much else for a date. */
const dateIn = (text: string | undefined) =>
  text !== undefined && /\d:\d\d/.test(text) ? numberOf(Date.parse(text)) : undefined;

/** A header of a Headers, of the like of it, or of a plain object, whose names may be in any case. */
function header(headers: unknown, name: string): string | undefined {
  if (!isObject(headers)) return undefined;
  const get = read(headers, "get");
  if (typeof get === "function") return firstText(attempt(() => get.call(headers, name)));
  const key = attempt(() => Object.keys(headers))?.find((each) => each.toLowerCase() === name);
  return key === undefined ? undefined : firstText(read(headers, key));
}

function firstText(value: unknown): string | undefined {
  const first = itemsOf(value)[0] ?? value;
  return typeof first === "string" || typeof first === "number" ? String(first).trim() : undefined;
}

const decimal = (text: string | undefined) =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;

/** The delay of a RetryInfo: as JSON "34.5s", as a message { seconds, nanos }, whose seconds are a number, a text or a Long. */
function inDetail(detail: unknown): number | undefined {
  const delay = read(detail, "retryDelay");
  if (typeof delay === "string") return delay.endsWith("s") ? decimal(delay.slice(0, -1)) : undefined;
  if (!isObject(delay)) return undefined;
  const seconds = decimal(attempt(() => String(read(delay, "seconds") ?? 0)));
  return seconds === undefined ? undefined : seconds + (numberOf(read(delay, "nanos")) ?? 0) / 1e9;
}
