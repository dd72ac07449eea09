import { ErrorClass } from "../../../lib/contract/index.ts";
import type { Thrown } from "./thrown.ts";

const { Denied, Permanent, Throttled, Transient } = ErrorClass;

interface Body {
  readonly type: string;
  readonly code?: string | null;
  readonly details?: object;
}

/** openai 6, core/error: every class is an Error without a name of its own. */
const openAi = (status?: number, error?: Body, headers?: Headers) =>
  Object.assign(new Error(`${status} m`), {
    ...{ status, headers, requestID: headers?.get("x-request-id"), error },
    ...{ code: error?.code, param: undefined, type: error?.type },
  });

/** @anthropic-ai/sdk, core/error. */
const anthropic = (name: string, status?: number, error?: Body, headers?: Headers) =>
  Object.defineProperty(
    Object.assign(new Error(`${status} m`), {
      ...{ status, headers, requestID: null, error: error && { type: "error", error } },
      ...{ type: error?.type ?? null, errorCode: null, details: error?.details ?? null },
    }),
    "name",
    { value: name },
  );

/** axios 1, AxiosError. */
const axios = (code: string, response?: { status: number; headers: object; data?: unknown }, cause?: unknown) =>
  Object.assign(new Error("Request failed", { cause }), {
    ...{ name: "AxiosError", isAxiosError: true, code, config: {}, request: {} },
    ...(response && { response, status: response.status }),
  });

/** gaxios 7, which is behind googleapis. */
const gaxios = (status: number, error: object) =>
  Object.assign(new Error("m", { cause: error }), {
    ...{ code: status, status, error: undefined, config: {} },
    response: { status, headers: new Headers(), data: { error } },
  });

/** @grpc/grpc-js, callErrorFromStatus. */
const grpc = (code: number, details: string) =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: new Map() });

/** ai 6, APICallError. */
const aiSdk = (statusCode: number | undefined, isRetryable: boolean, responseHeaders = {}, cause?: unknown) =>
  Object.assign(new Error("m"), {
    ...{ name: "AI_APICallError", url: "u", requestBodyValues: {}, statusCode, responseHeaders, isRetryable, cause },
  });

const refused = () => new TypeError("fetch failed", { cause: Object.assign(new Error("m"), { code: "ECONNREFUSED" }) });
const retryInfo = (retryDelay: unknown) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });

type Row = readonly [title: string, thrown: () => unknown, as: ErrorClass, retryAfterSeconds?: number];
const of = (origin: string, ...rows: readonly Row[]): Thrown[] =>
  rows.map(([title, thrown, as, retryAfterSeconds]) => ({
    ...{ origin, title, thrown, as },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }));

export const API_ERRORS: readonly Thrown[] = [
  ...of(
    "OpenAI",
    [
      "a rate limit",
      () =>
        openAi(
          429,
          { type: "requests", code: "rate_limit_exceeded" },
          new Headers({ "retry-after": "2", "retry-after-ms": "1500" }),
        ),
      Throttled,
      1.5,
    ],
    [
      "a quota that is used up",
      () => openAi(429, { type: "insufficient_quota", code: "insufficient_quota" }),
      Permanent,
    ],
    [
      "a balance that is used up",
      () => openAi(429, { type: "insufficient_quota", code: "credit_balance_exhausted" }),
      Permanent,
    ],
    ["a wrong key", () => openAi(401, { type: "invalid_request_error", code: "invalid_api_key" }), Denied],
    ["a model that is not allowed", () => openAi(403, { type: "invalid_request_error", code: null }), Denied],
    [
      "a context that is too long",
      () => openAi(400, { type: "invalid_request_error", code: "context_length_exceeded" }),
      Permanent,
    ],
    ["an overload", () => openAi(503, { type: "service_unavailable_error", code: "server_is_overloaded" }), Throttled],
    ["an internal error", () => openAi(500, { type: "server_error", code: null }), Transient],
    [
      "an internal error within a stream",
      () => openAi(undefined, { type: "server_error", code: "server_error" }),
      Transient,
    ],
    ["APIConnectionError", () => Object.assign(openAi(), { cause: refused() }), Transient],
    ["APIConnectionTimeoutError", () => openAi(), Transient],
    [
      "APIConnectionError for a certificate",
      () => Object.assign(openAi(), { cause: new TypeError("fetch failed", { cause: { code: "CERT_HAS_EXPIRED" } }) }),
      Permanent,
    ],
  ),
  ...of(
    "Anthropic",
    [
      "a rate limit",
      () => anthropic("RateLimitError", 429, { type: "rate_limit_error" }, new Headers({ "retry-after": "7" })),
      Throttled,
      7,
    ],
    [
      "a spend limit, which is no rate limit",
      () =>
        anthropic("RateLimitError", 429, {
          type: "rate_limit_error",
          details: { error_code: "enforced_spend_limit_reached" },
        }),
      Permanent,
    ],
    [
      "a spend limit, of a client that copies only the type out of the body",
      () => {
        const error = { type: "rate_limit_error", details: { error_code: "enforced_spend_limit_reached" } };
        return Object.assign(anthropic("RateLimitError", 429, error), { details: undefined });
      },
      Permanent,
    ],
    ["an overload", () => anthropic("OverloadedError", 529, { type: "overloaded_error" }), Throttled],
    [
      "an overload within a stream",
      () => anthropic("APIError", undefined, { type: "overloaded_error" }, new Headers()),
      Throttled,
    ],
    ["an internal error", () => anthropic("InternalServerError", 500, { type: "api_error" }), Transient],
    ["an internal error within a stream", () => anthropic("APIError", undefined, { type: "api_error" }), Transient],
    ["a request that took too long", () => anthropic("GatewayTimeoutError", 504, { type: "timeout_error" }), Transient],
    ["a wrong key", () => anthropic("AuthenticationError", 401, { type: "authentication_error" }), Denied],
    [
      "a model that is not allowed",
      () => anthropic("PermissionDeniedError", 403, { type: "permission_error" }),
      Denied,
    ],
    ["a request that is wrong", () => anthropic("BadRequestError", 400, { type: "invalid_request_error" }), Permanent],
    ["a bill that is not paid", () => anthropic("PaymentRequiredError", 402, { type: "billing_error" }), Permanent],
    ["APIConnectionTimeoutError", () => anthropic("APIConnectionTimeoutError"), Transient],
    [
      "APIConnectionError, of which only the name is left",
      () => Object.assign(new Error("m"), { name: "APIConnectionError" }),
      Transient,
    ],
  ),
  ...of(
    "Google REST",
    [
      "a quota, with RetryInfo",
      () => gaxios(429, { code: 429, status: "RESOURCE_EXHAUSTED", details: [retryInfo("34.5s")] }),
      Throttled,
      34.5,
    ],
    [
      "a rate limit as 403",
      () => gaxios(403, { code: 403, errors: [{ domain: "usageLimits", reason: "userRateLimitExceeded" }] }),
      Throttled,
    ],
    [
      "a daily limit as 403",
      () => gaxios(403, { code: 403, errors: [{ domain: "usageLimits", reason: "dailyLimitExceeded" }] }),
      Permanent,
    ],
    ["a permission", () => gaxios(403, { code: 403, status: "PERMISSION_DENIED" }), Denied],
    ["an argument", () => gaxios(400, { code: 400, status: "INVALID_ARGUMENT" }), Permanent],
    ["a thrown body", () => ({ error: { code: 503, message: "m" } }), Transient],
    ["@google/genai", () => Object.assign(new Error("{}"), { name: "ApiError", status: 503 }), Transient],
  ),
  ...of(
    "gRPC",
    ["3 INVALID_ARGUMENT", () => grpc(3, "m"), Permanent],
    ["4 DEADLINE_EXCEEDED", () => grpc(4, "m"), Transient],
    ["5 NOT_FOUND", () => grpc(5, "m"), Permanent],
    ["7 PERMISSION_DENIED", () => grpc(7, "m"), Denied],
    ["8 RESOURCE_EXHAUSTED", () => grpc(8, ""), Throttled],
    [
      "8 RESOURCE_EXHAUSTED, with RetryInfo as google-gax decodes it",
      () => Object.assign(grpc(8, "m"), { statusDetails: [{ retryDelay: { seconds: "2", nanos: 500_000_000 } }] }),
      Throttled,
      2.5,
    ],
    ["10 ABORTED", () => grpc(10, "m"), Transient],
    ["13 INTERNAL", () => grpc(13, "m"), Transient],
    ["14 UNAVAILABLE", () => grpc(14, "m"), Transient],
    ["16 UNAUTHENTICATED", () => grpc(16, "m"), Denied],
    ["a DOMException, whose number 8 is another", () => new DOMException("m", "NotFoundError"), Permanent],
  ),
  ...of(
    "axios",
    ["429", () => axios("ERR_BAD_REQUEST", { status: 429, headers: { "Retry-After": "4" } }), Throttled, 4],
    ["502", () => axios("ERR_BAD_RESPONSE", { status: 502, headers: {} }), Transient],
    ["404", () => axios("ERR_BAD_REQUEST", { status: 404, headers: {} }), Permanent],
    [
      "insufficient_quota of a model API",
      () => axios("ERR_BAD_REQUEST", { status: 429, headers: {}, data: { error: { code: "insufficient_quota" } } }),
      Permanent,
    ],
    ["a timeout", () => axios("ECONNABORTED"), Transient],
    ["a cancelled request", () => Object.assign(axios("ERR_CANCELED"), { name: "CanceledError" }), Transient],
    ["no network", () => axios("ERR_NETWORK"), Transient],
  ),
  ...of(
    "got",
    [
      "429",
      () =>
        Object.assign(new Error("m"), {
          ...{ name: "HTTPError", code: "ERR_NON_2XX_3XX_RESPONSE" },
          response: { statusCode: 429, headers: { "retry-after": "3" } },
        }),
      Throttled,
      3,
    ],
    ["a timeout", () => Object.assign(new Error("m"), { name: "TimeoutError", code: "ETIMEDOUT" }), Transient],
  ),
  ...of(
    "AI SDK",
    ["429", () => aiSdk(429, true, { "retry-after": "3" }), Throttled, 3],
    ["a request that got no answer", () => aiSdk(undefined, true), Transient],
    ["an answer that is no JSON", () => aiSdk(200, false, {}, new SyntaxError("Unexpected token")), Permanent],
    [
      "attempts that were all throttled, the last longest",
      () =>
        Object.assign(new Error("m"), {
          name: "AI_RetryError",
          errors: [aiSdk(429, true, { "retry-after": "3" }), aiSdk(429, true, { "retry-after": "9" })],
        }),
      Throttled,
      9,
    ],
    [
      "attempts of which one may have taken effect",
      () => Object.assign(new Error("m"), { name: "AI_RetryError", errors: [aiSdk(504, true), aiSdk(429, true)] }),
      Transient,
    ],
  ),
  ...of(
    "HTTP, by status",
    ...[
      [400, Permanent],
      [401, Denied],
      [404, Permanent],
      [407, Denied],
      [408, Transient],
      [409, Permanent],
      [422, Permanent],
      [425, Transient],
      [500, Transient],
      [501, Permanent],
      [504, Transient],
    ].map(
      ([status, as]): Row => [
        String(status),
        () => Object.assign(new Error("m"), { statusCode: status }),
        as as ErrorClass,
      ],
    ),
  ),
];
