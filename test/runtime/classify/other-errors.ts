import { z } from "zod";
import { ErrorClass, HoldfastError } from "../../../lib/contract/index.ts";
import { caught, type Thrown } from "./thrown.ts";

const { BudgetExceeded, Denied, Permanent, Throttled, Transient } = ErrorClass;

const Order = z.object({ id: z.string() });
const valibotIssue = { kind: "schema", type: "string", input: 1, expected: "string", message: "Invalid type" };
const arkErrors = Object.assign([{ " arkKind": "error", code: "domain", message: "id must be a string" }], {
  " arkKind": "errors",
});

/** What schema libraries throw, errors of programs, and whatever else `throw` takes. */
export const OTHER_ERRORS: readonly Thrown[] = [
  { origin: "zod", title: "parse", thrown: () => caught(() => Order.parse({})), as: Permanent },
  {
    origin: "zod",
    title: "an error that is marked otherwise",
    thrown: async () => Object.assign(Object(await caught(() => Order.parse({}))), { status: 503 }),
    as: Transient,
  },
  {
    origin: "Standard Schema",
    title: "a thrown result",
    thrown: () => Order["~standard"].validate({}),
    as: Permanent,
  },
  {
    origin: "valibot",
    title: "ValiError, whatever caused it",
    thrown: () =>
      Object.assign(new Error("Invalid type"), {
        ...{ name: "ValiError", issues: [valibotIssue], cause: { code: "ECONNRESET" } },
      }),
    as: Permanent,
  },
  {
    origin: "arktype",
    title: "TraversalError",
    thrown: () => Object.assign(new Error("id must be a string"), { name: "TraversalError", arkErrors }),
    as: Permanent,
  },
  { origin: "arktype", title: "thrown ArkErrors", thrown: () => arkErrors, as: Permanent },
  ...[
    new TypeError("x is not a function"),
    new ReferenceError("x is not defined"),
    new RangeError("Invalid length"),
  ].map((error) => ({ origin: "JavaScript", title: error.name, thrown: () => error, as: Permanent })),
  { origin: "JavaScript", title: "SyntaxError", thrown: () => caught(() => JSON.parse("{")), as: Permanent },
  { origin: "JavaScript", title: "an error that says nothing", thrown: () => new Error(), as: Permanent },
  {
    origin: "JavaScript",
    title: "DOMException of structuredClone",
    thrown: () => caught(() => structuredClone(() => undefined)),
    as: Permanent,
  },
  {
    origin: "a handler",
    title: "an error around a throttled one",
    thrown: () =>
      new Error("could not load the order", {
        cause: new Error("inner", { cause: Object.assign(new Error("slow down"), { status: 429 }) }),
      }),
    as: Throttled,
  },
  {
    origin: "a handler",
    title: "an error that knows better than its cause",
    thrown: () => Object.assign(new Error("gone", { cause: { code: "ECONNRESET" } }), { status: 410 }),
    as: Permanent,
  },
  {
    origin: "a handler",
    title: "an error around one of Holdfast's own",
    thrown: () =>
      Object.assign(
        new Error("The operation was aborted", { cause: new HoldfastError(BudgetExceeded, "spent", "m") }),
        {
          name: "AbortError",
        },
      ),
    as: BudgetExceeded,
  },
  {
    origin: "a handler",
    title: "an error around one of Holdfast's own, with how long to wait",
    thrown: () => new Error("m", { cause: new HoldfastError(Throttled, "slow", "m", { retryAfterSeconds: 11 }) }),
    as: Throttled,
    retryAfterSeconds: 11,
  },
  {
    origin: "a subflow",
    title: "an error under a class name, of another copy of Holdfast",
    thrown: () => Object.assign(new Error("refused: m"), { name: "Holdfast.Denied" }),
    as: Denied,
  },
  {
    origin: "a message that lies",
    title: "text is never read",
    thrown: () => new Error("429 Too Many Requests: ThrottlingException ECONNRESET"),
    as: Permanent,
  },
  { origin: "throw", title: "a text", thrown: () => "503", as: Permanent },
  { origin: "throw", title: "undefined", thrown: () => undefined, as: Permanent },
  { origin: "throw", title: "null", thrown: () => null, as: Permanent },
  { origin: "throw", title: "a number, which is no status", thrown: () => 503, as: Permanent },
  { origin: "throw", title: "a symbol", thrown: () => Symbol("s"), as: Permanent },
  { origin: "throw", title: "an object that has a status", thrown: () => ({ status: 503 }), as: Transient },
  { origin: "throw", title: "an object without a prototype", thrown: () => Object.create(null), as: Permanent },
];
