import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getHeapStatistics } from "node:v8";
import vm from "node:vm";
import { EXTRA_FUNCTIONS } from "./functions.ts";
import type { Surroundings } from "./surroundings.ts";

/** A parsed expression, bound to the realm it was parsed in. */
interface Parsed {
  evaluate(input: undefined, bindings: object): Promise<unknown>;
  assign(name: symbol | string, value: unknown): void;
  registerFunction(name: string, implementation: unknown, signature?: string): void;
  ast(): unknown;
}

/** What an evaluation ended with: JSONata's own value, not yet made JSON. */
export type Evaluated = { readonly value: unknown } | { readonly error: ThrownByJsonata };

export interface ThrownByJsonata {
  readonly code?: string;
  readonly message?: string;
}

/** AWS does not publish its limits of memory and depth; these keep a process of ordinary size alive. */
const MAX_HEAP_GROWTH_BYTES = 256 * 1024 * 1024;
const MAX_DEPTH = 10_000;
const MAX_ARRAY_LENGTH = 1_000_000;
const MAX_STRING_LENGTH = 16 * 1024 * 1024;
const NODES_BETWEEN_CHECKS = 1_024;

const TOO_DEEP: ThrownByJsonata = {
  code: "U1001",
  message: "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive.",
};
const TOO_LARGE: ThrownByJsonata = { code: "U1002", message: "Expression evaluation exceeded the memory limit" };

/** Globals of the realm that JSONata uses. As parameters they are as fast as locals; as globals of a context they are not. */
const GLOBALS =
  "Array,Object,Symbol,Math,Date,Promise,Number,String,RegExp,JSON,Error,isNaN,isFinite,parseInt,parseFloat,encodeURIComponent,decodeURIComponent,encodeURI,decodeURI,Intl,undefined";

/**
 * The stock JSONata library in a JavaScript realm of its own, in which promises settle before a call returns.
 *
 * That makes evaluation synchronous, lets a watchdog end whatever runs too long (regular expressions included), gives
 * the library another clock and other chance without changing it, and keeps the prototypes of this process out of reach.
 */
class Realm {
  readonly surroundings: { current: Surroundings } = {
    current: { now: 0, random: () => 0, uuid: () => "" },
  };
  readonly #context: vm.Context;
  readonly #jsonata: (source: string) => Parsed;
  readonly #call = new vm.Script("call()");
  #spent = false;

  constructor() {
    this.#context = vm.createContext(
      { surroundings: this.surroundings, job: undefined },
      { microtaskMode: "afterEvaluate", codeGeneration: { strings: false, wasm: false } },
    );
    const library = readFileSync(createRequire(import.meta.url).resolve("jsonata"), "utf8");
    this.#jsonata = vm.runInContext(
      `${TAMED_GLOBALS}
      (function (${GLOBALS}) { var module = { exports: {} }, exports = module.exports; ${library}
      ; return module.exports; })(${GLOBALS})`,
      this.#context,
    );
  }

  /** Whether a time-out has ended an evaluation here, which leaves promises that never settle. */
  get spent(): boolean {
    return this.#spent;
  }

  /** @throws {@link ThrownByJsonata} where the source does not parse. */
  parse(source: string): Parsed {
    const parsed = this.#jsonata(source);
    parsed.assign("eval", undefined);
    for (const { name, signature, implementation } of EXTRA_FUNCTIONS) {
      parsed.registerFunction(name, implementation(this.surroundings), signature);
    }
    return parsed;
  }

  /**
   * @param limitMs watches time, memory and depth, which costs about 0.1 ms. Unset for what is bounded anyway.
   * @returns undefined when time ran out.
   */
  evaluate(
    parsed: Parsed,
    bindings: object,
    surroundings: Surroundings,
    limitMs: number | undefined,
  ): Evaluated | undefined {
    const job: { parsed: Parsed; bindings: object; outcome?: Evaluated } = { parsed, bindings };
    this.surroundings.current = surroundings;
    this.#context.job = job;
    if (limitMs !== undefined) guard(parsed);
    try {
      this.#call.runInContext(this.#context, limitMs === undefined ? {} : { timeout: limitMs });
    } catch (error) {
      this.#spent = true;
      if (isTimeout(error)) return undefined;
      return { error: { message: error instanceof Error ? error.message : String(error) } };
    }
    return job.outcome;
  }
}

/** Inherited names lead an expression from its data into the language: none are left but the one that the library uses. */
const TAMED_GLOBALS = `
  for (const name of Object.getOwnPropertyNames(Object.prototype)) if (name !== "hasOwnProperty") delete Object.prototype[name];
  Object.defineProperty(Object.prototype, "hasOwnProperty", { enumerable: false });
  Math.random = () => surroundings.current.random();
  const SystemDate = Date;
  Date = class extends SystemDate {
    constructor(...parts) { if (parts.length === 0) super(surroundings.current.now); else super(...parts); }
    static now() { return surroundings.current.now; }
  };
  function call() {
    const { parsed, bindings } = job, own = job;
    parsed.evaluate(undefined, bindings).then((value) => { own.outcome = { value }; }, (error) => { own.outcome = { error }; });
  }`;

const isTimeout = (error: unknown) =>
  typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";

/** Lets the evaluation end itself when it goes too deep or grows too large. */
function guard(parsed: Parsed): void {
  const heapAtStart = getHeapStatistics().used_heap_size;
  let depth = 0;
  let nodes = 0;
  parsed.assign(Symbol.for("jsonata.__evaluate_entry"), () => {
    depth += 1;
    nodes += 1;
    if (depth > MAX_DEPTH) throw TOO_DEEP;
    if (nodes % NODES_BETWEEN_CHECKS !== 0) return;
    if (getHeapStatistics().used_heap_size - heapAtStart > MAX_HEAP_GROWTH_BYTES) throw TOO_LARGE;
  });
  parsed.assign(Symbol.for("jsonata.__evaluate_exit"), (_: unknown, __: unknown, ___: unknown, result: unknown) => {
    depth -= 1;
    const tooLong =
      typeof result === "string"
        ? result.length > MAX_STRING_LENGTH
        : Array.isArray(result) && result.length > MAX_ARRAY_LENGTH;
    if (tooLong) throw TOO_LARGE;
  });
}

let current: Realm | undefined;

/** The realm to evaluate in: one for the process, replaced after a time-out. */
export function realm(): Realm {
  if (current === undefined || current.spent) current = new Realm();
  return current;
}

export type { Parsed, Realm };
