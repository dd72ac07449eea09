import type { Clock } from "../../lib/ports/index.ts";

/** What a dead function or process waits for, for ever. */
export const never = <Result>() => new Promise<Result>(() => undefined);

/** Something that lives and dies, and whose timers die with it. */
export class Mortal {
  readonly #cancels = new Set<() => void>();
  readonly #mourners: ((why: string) => void)[] = [];
  #causeOfDeath: string | undefined;
  /** Dies at the next thing that it does. */
  doomed = false;

  constructor(private readonly time: Clock) {}

  get alive(): boolean {
    return this.#causeOfDeath === undefined;
  }

  die(why: string): void {
    if (!this.alive) return;
    this.#causeOfDeath = why;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    for (const tell of this.#mourners) tell(why);
  }

  /** Tells of its death, at once if it is dead already. */
  onDeath(tell: (why: string) => void): void {
    if (this.#causeOfDeath !== undefined) tell(this.#causeOfDeath);
    else this.#mourners.push(tell);
  }

  /** Calls `wake` so many milliseconds later, if it still lives then. */
  after(milliseconds: number, wake: () => void): () => void {
    if (!this.alive) return () => undefined;
    const cancelTimer = this.time.at(this.time.now() + milliseconds, () => {
      this.#cancels.delete(cancel);
      wake();
    });
    const cancel = () => {
      this.#cancels.delete(cancel);
      cancelTimer();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  /** Resolves so many milliseconds later, and never if it dies before. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }
}
