import { ErrorClass, type HoldfastError, type Json, ToolFault } from "../../contract/index.ts";
import type { ToolDefinition } from "../../definition/index.ts";
import type { Chance, Clock, ModelTool, RunStore, ToolRequest, ToolTransport } from "../../ports/index.ts";
import { type Breaker, sharedBreaker } from "./breaker.ts";
import { failedOf } from "./failed.ts";
import type { Provenance, ToolFailure, ToolOutcome } from "./outcome.ts";
import { type Faulted, reactionTo } from "./reaction.ts";
import { type Sent, sender } from "./sending.ts";
import { inputProblem, LARGEST_VALUE, validOutput } from "./valid.ts";

export interface ToolPorts {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The tools of a step, and the way to each. */
export interface GatewayTools {
  readonly agent: string;
  readonly tools: readonly { readonly definition: ToolDefinition; readonly transport: ToolTransport }[];
}

/** A call as a model has written it: nothing of it is validated. */
export interface ToolCallRequest extends Omit<ToolRequest, "maxBytes"> {
  readonly name: string;
}

/** The only way from a model to the world. */
export interface ToolGateway {
  /** As models are shown them: every tool there is, and nothing of how it is reached. */
  readonly tools: readonly ModelTool[];
  /** Why a call would not be made, whatever state its tool is in: no such tool, or an input that it does not take. */
  refusal(name: string, input: Json): ToolFailure | undefined;
  /** Whether a call of it may be repeated, under its idempotency key, after one that may have taken effect. */
  isRepeatable(name: string): boolean;
  /**
   * Calls a tool once, or what stands in for it. What a model is told comes back, failures too; what ends the attempt of
   * the step is thrown. Denied and Throttled say that nothing took effect.
   *
   * @throws HoldfastError with a code that begins with `tool-`, or what a function tool has thrown to be passed on.
   */
  call(request: ToolCallRequest): Promise<ToolOutcome>;
}

/** Beyond a call's own time, until the probe of a process that died is given up. */
const PROBE_GRACE_MS = 5_000;
const LONGEST_SAID = 2_000;

/** Of the call, not of the tool: they say nothing of how it is. */
const UNCOUNTED: readonly ToolFault[] = ["inputInvalid", "busy", "drifted"];

type Result =
  | { readonly output: Json }
  | { readonly failure: ToolFailure }
  | { readonly faulted: Faulted & { readonly isOfInput?: boolean } }
  /** What a function of the step wants passed on. */
  | { readonly stated: HoldfastError };

interface Entry {
  readonly tool: ToolDefinition;
  readonly transport: ToolTransport;
  readonly breaker: Breaker;
}

/**
 * The gateway to the tools of one step. One lives as long as its process: it keeps queues, and what it knows of breakers.
 */
export function toolGateway(ports: ToolPorts, { agent, tools }: GatewayTools): ToolGateway {
  const { clock } = ports;
  const send = sender(clock);
  const allowed = new Map(
    tools.map(({ definition, transport }): [string, Entry] => [
      definition.name,
      { tool: definition, transport, breaker: breakerOf(ports, agent, definition) },
    ]),
  );

  const provenance = (name: string, fallback?: Provenance["fallback"]): Provenance => {
    const server = allowed.get(name)?.tool.server;
    const at = new Date(clock.now()).toISOString();
    const origin = { source: "tool", name, ...(server === undefined ? {} : { server }), at } as const;
    return fallback === undefined ? origin : { ...origin, fallback };
  };

  const admitted = (name: string, input: Json): Entry | ToolFailure => {
    const entry = allowed.get(name);
    if (entry === undefined) return notAllowed(name, [...allowed.keys()]);
    const problem = inputProblem(entry.tool.input, input);
    return problem === undefined ? entry : invalidInput(name, problem);
  };

  /** Sends a call, judges the answer, and lets the breaker know. */
  async function attempt(
    { tool, transport, breaker }: Entry,
    request: ToolCallRequest,
    probe?: string,
  ): Promise<Result> {
    const done = await send({ ...request, tool, transport, maxBytes: LARGEST_VALUE });
    if ("thrown" in done) request.signal.throwIfAborted();
    const result = resultOf(tool, done, clock.now());
    const faulted = "faulted" in result ? result.faulted : undefined;
    const isOfInput = faulted?.isOfInput === true && (probe === undefined || tool.health === "calls");
    const isOfCall = isOfInput || (faulted !== undefined && UNCOUNTED.includes(faulted.fault));
    if (!isOfCall || probe !== undefined) await breaker.report(isOfInput ? undefined : faulted?.fault, probe);
    return result;
  }

  /** Through the breaker. Once it half-opens, a tool that has a probe is asked by that first. */
  async function perform(entry: Entry, request: ToolCallRequest): Promise<Result> {
    const { breaker, tool } = entry;
    const admission = await breaker.admit();
    if (!admission.passes) return { faulted: heldBack(admission.fault, clock.now(), admission.retryAfterSeconds) };
    const { probe } = admission;
    if (probe === undefined || tool.health === "calls") return attempt(entry, request, probe);
    const health = await attempt(entry, { ...request, input: tool.health.probe, idempotencyKey: probe }, probe);
    if ("stated" in health) return health;
    if ("faulted" in health)
      return { faulted: heldBack(health.faulted.fault, clock.now(), tool.breaker.halfOpenAfterSeconds) };
    return attempt(entry, request);
  }

  /** @param tried the tools that have failed before, for which this one stands in. */
  async function call(request: ToolCallRequest, tried: readonly string[], code: string): Promise<ToolOutcome> {
    const { name } = request;
    const [first] = tried;
    const from = () => provenance(name, first === undefined ? undefined : { of: first, code });
    const entry = admitted(name, request.input);
    if (!("breaker" in entry)) return { ok: false, failure: entry, provenance: from() };
    const { tool } = entry;
    const result = await perform(entry, request);
    if ("stated" in result) throw result.stated;
    if ("output" in result) return { ok: true, output: result.output, provenance: from() };
    if ("failure" in result) return { ok: false, failure: result.failure, provenance: from() };
    const reaction = reactionTo(tool, result.faulted);
    if (reaction.kind === "throw") throw reaction.error;
    const { failure } = reaction;
    const all = [...tried, name];
    if (reaction.kind === "tell" || tool.fallback === "none") return { ok: false, failure, provenance: from() };
    if ("continueWith" in tool.fallback) {
      const instead = provenance(name, { of: first ?? name, code: failure.code });
      return { ok: true, output: tool.fallback.continueWith, provenance: instead };
    }
    if (all.includes(tool.fallback.tool)) return { ok: false, failure, provenance: from() };
    return call({ ...request, name: tool.fallback.tool }, all, failure.code);
  }

  return {
    tools: tools.map(({ definition: { name, description, input } }) => ({ name, description, input })),
    refusal: (name, input) => {
      const entry = admitted(name, input);
      return "breaker" in entry ? undefined : entry;
    },
    isRepeatable: (name) => allowed.get(name)?.tool.isRepeatable === true,
    call: (request) => call(request, [], ""),
  };
}

const breakerOf = (ports: ToolPorts, agent: string, { name, breaker, timeoutSeconds }: ToolDefinition): Breaker =>
  sharedBreaker(ports, agent, name, {
    failures: breaker.failures,
    within: breaker.withinSeconds * 1_000,
    halfOpenAfter: breaker.halfOpenAfterSeconds * 1_000,
    probeTimeout: timeoutSeconds * 1_000 + PROBE_GRACE_MS,
  });

function resultOf({ name, output, effect }: ToolDefinition, done: Sent, now: number): Result {
  try {
    if ("thrown" in done) throw done.thrown;
    if ("refused" in done.answer) return { failure: refused(name, done.answer.refused) };
    return { output: validOutput(output, done.answer.output) };
  } catch (error) {
    const failed = failedOf(error, now, effect === "write" && done.sent);
    if (failed.kind === "stated") return { stated: failed.error };
    return failed.kind === "refused"
      ? { failure: refused(name, failed.said) }
      : { faulted: { ...failed, sent: done.sent } };
  }
}

const heldBack = (fault: ToolFault, now: number, retryAfterSeconds: number): Faulted => ({
  fault,
  message: `It was not called: it has failed too often of late (${ToolFault[fault].code}), and is left alone until ${new Date(now + retryAfterSeconds * 1_000).toISOString()}.`,
  sent: false,
  open: true,
  retryAfterSeconds,
});

const notAllowed = (name: string, tools: readonly string[]): ToolFailure => ({
  domain: "denied",
  code: "tool-not-allowed",
  errorClass: ErrorClass.Denied,
  message: `There is no tool ${JSON.stringify(name.slice(0, 100))}. Allowed: ${tools.join(", ") || "none"}.`,
});

const invalidInput = (name: string, problem: string): ToolFailure => ({
  ...ToolFault.inputInvalid,
  message: `Tool ${name} was not called: its input is not what it takes. ${problem}`,
});

const refused = (name: string, said: string): ToolFailure => ({
  domain: "refused",
  code: "tool-refused",
  errorClass: ErrorClass.Permanent,
  message: `Tool ${name} answered that it cannot, or will not.`,
  said: said.length <= LONGEST_SAID ? said : `${said.slice(0, LONGEST_SAID)}…`,
});
