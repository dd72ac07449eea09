import { createHash } from "node:crypto";
import type { ModelRequest, ModelResponse } from "../ports/index.ts";
import type { FaultKind, ScriptedReply } from "./model-script.ts";

type Fault = ScriptedReply["faults"][number];

/** Faults that are errors; the others are answers that are no good. */
const ERRORS: Readonly<Partial<Record<FaultKind, readonly [name: string, status: number]>>> = {
  throttle: ["ThrottlingException", 429],
  timeout: ["ModelTimeoutException", 408],
  outage: ["ServiceUnavailableException", 503],
};

export const isError = ({ fault }: Fault) => ERRORS[fault] !== undefined;

/** In the shape that the clients of the AWS SDK give errors. */
export class ScriptedFault extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: Readonly<Record<string, string>> };

  constructor({ fault, retryAfterSeconds }: Fault) {
    super(`The script has the fault ${fault} here.`);
    const [name, httpStatusCode] = ERRORS[fault] ?? ["InternalServerException", 500];
    this.name = name;
    this.$metadata = { httpStatusCode };
    this.$response = { headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) } };
  }
}

/** Tells which of a reply's faults strikes a request: of errors by the attempts of its call, of others by the calls that ask the same. */
export function faultCounter() {
  const attempts = new Map<string, number>();
  const callsOf = new Map<string, Set<string>>();
  return ({ faults }: ScriptedReply, { idempotencyKey, system, messages }: ModelRequest): Fault | undefined => {
    const attempt = attempts.get(idempotencyKey) ?? 0;
    attempts.set(idempotencyKey, attempt + 1);
    const asked = createHash("sha256")
      .update(JSON.stringify([system, messages]))
      .digest("hex");
    const calls = (callsOf.get(asked) ?? new Set()).add(idempotencyKey);
    callsOf.set(asked, calls);
    const others = faults.filter((fault) => !isError(fault));
    return nth(faults.filter(isError), attempt) ?? nth(others, [...calls].indexOf(idempotencyKey));
  };
}

/** The fault whose turn it is, each having as many turns as it has `times`. */
const nth = (faults: readonly Fault[], index: number): Fault | undefined =>
  faults.flatMap((fault) => Array.from({ length: fault.times }, () => fault))[index];

/** An answer as a fault leaves it: paid for, and of no use. */
export function spoilt(response: ModelResponse, fault: Fault | undefined): ModelResponse {
  const texts = response.content.flatMap((part) => (part.kind === "text" ? part : []));
  const half = ({ text }: { readonly text: string }) => text.slice(0, Math.ceil(text.length / 2));
  switch (fault?.fault) {
    case "malformed":
      return { ...response, content: texts, stop: "malformed" };
    case "truncated":
      return { ...response, content: texts.map((part) => ({ ...part, text: half(part) })), stop: "max-tokens" };
    case "filtered":
      return { ...response, content: [], stop: "filtered" };
    default:
      return response;
  }
}
