import { AsyncLocalStorage } from "node:async_hooks";

type Values = Map<string, unknown>;

/**
 * What the X-Ray SDK needs of its namespace of cls-hooked. That one follows every promise of the process, at many times
 * the price of the promise; this one costs where it is used.
 */
export class XRayContext {
  readonly #storage = new AsyncLocalStorage<Values>();

  createContext(): Values {
    return new Map(this.#storage.getStore());
  }

  enter(values: Values): void {
    this.#storage.enterWith(values);
  }

  run(work: (values: Values) => void): void {
    this.runAndReturn(work);
  }

  runAndReturn<Result>(work: (values: Values) => Result): Result {
    const values = this.createContext();
    return this.#storage.run(values, () => work(values));
  }

  get(key: string): unknown {
    return this.#storage.getStore()?.get(key);
  }

  set<Value>(key: string, value: Value): Value {
    this.#storage.getStore()?.set(key, value);
    return value;
  }
}
