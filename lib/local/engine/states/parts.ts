import type { Json } from "../../../contract/index.ts";
import type { Fiber, Part } from "../interpreter/fiber.ts";
import type { Child, Frame } from "../interpreter/frame.ts";

/** The branches of a Parallel or the items of a Map, while they run. */
export class Parts {
  readonly #parts: Part[];
  readonly #running = new Map<Fiber, number>();

  /** @param resume what they had come to before a redrive. */
  constructor(
    private readonly frame: Frame,
    count: number,
    resume: readonly Part[] | undefined,
  ) {
    this.#parts = Array.from({ length: count }, (_, index) => resume?.[index] ?? { kind: "untouched" });
  }

  get running(): number {
    return this.#running.size;
  }

  /** Those still to be started, in order. */
  get waiting(): number[] {
    return this.#parts.flatMap((part, index) => (part.kind === "done" ? [] : [index]));
  }

  get outputs(): Json[] {
    return this.#parts.map((part) => (part.kind === "done" ? part.output : null));
  }

  start(index: number, child: Omit<Child, "resume">): void {
    const part = this.#parts[index];
    const { host, fiber } = this.frame;
    this.#running.set(host.spawn(fiber, part?.kind === "open" ? { ...child, resume: part } : child), index);
  }

  /** Which part a fiber has been, now that it has ended. */
  take(child: Fiber): number {
    const index = this.#running.get(child) ?? 0;
    this.#running.delete(child);
    this.#parts[index] = partOf(child);
    return index;
  }

  complete(index: number, output: Json): void {
    this.#parts[index] = { kind: "done", output };
  }

  /** Stops what still runs. */
  stop(): void {
    for (const child of this.#running.keys()) this.frame.host.abort(child);
  }

  /** Leaves a record of where everything is, for a redrive. */
  keep(): void {
    const { fiber } = this.frame;
    for (const [child, index] of this.#running) this.#parts[index] = partOf(child);
    if (fiber.position !== undefined) fiber.position = { ...fiber.position, parts: this.#parts };
  }
}

function partOf({ end, position, scope }: Fiber): Part {
  if (end?.kind === "ended") return { kind: "done", output: end.output };
  return position === undefined ? { kind: "untouched" } : { kind: "open", position, scope };
}
