import fc from "fast-check";

/** Every property that is read of errors, so that arbitrary objects come upon them. */
const KEYS = [
  ...["name", "message", "code", "Code", "type", "reason", "status", "statusCode", "details", "statusDetails"],
  ...["cause", "errors", "CancellationReasons", "issues", "arkErrors", " arkKind", "error", "data", "response", "body"],
  ...["headers", "responseHeaders", "metadata", "$metadata", "$response", "$retryable", "$fault", "httpStatusCode"],
  ...["retryDelay", "seconds", "nanos", "get", "length", "0", "retry-after", "retryAfterSeconds", "isRetryable"],
];

const refuse = (): never => {
  throw new Error("hostile");
};
const awkward = fc.constantFrom<unknown>(
  ...[Symbol("s"), Number.NaN, -1, 8, 429, 503, 1n, "", "429", "ECONNRESET", "Holdfast.Denied", "1", null, undefined],
  ...[refuse, Object.create(null), { toString: refuse, valueOf: refuse, [Symbol.toPrimitive]: refuse }],
);

/**
 * Makers of objects that may throw or change on being read: getters that throw, Proxies whose every trap throws, values of
 * the wrong type at every place, objects that hold themselves.
 */
export const hostile: fc.Arbitrary<() => unknown> = fc.letrec<{ thing: () => unknown }>((tie) => {
  const entry = fc.tuple(fc.constantFrom(...KEYS), tie("thing"), fc.constantFrom("value", "getter", "throws", "self"));
  return {
    thing: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      awkward.map((value) => () => value),
      fc.anything().map((value) => () => value),
      fc.constant(trapped),
      fc.array(tie("thing"), { maxLength: 3 }).map((makers) => () => makers.map((make) => make())),
      fc.tuple(fc.array(entry, { maxLength: 8 }), fc.boolean()).map(([entries, isError]) => () => {
        const object: object = isError ? new Error("m") : {};
        for (const [key, make, kind] of entries) {
          Object.defineProperty(object, key, {
            configurable: true,
            enumerable: true,
            get: () => (kind === "throws" ? refuse() : kind === "self" ? object : make()),
          });
        }
        return object;
      }),
    ),
  };
}).thing;

/** A Proxy of which nothing can be had. */
function trapped(): object {
  const traps = Object.getOwnPropertyNames(Reflect).map((name) => [name, refuse] as const);
  return new Proxy({}, Object.fromEntries(traps));
}
