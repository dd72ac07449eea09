import { ErrorClass, HoldfastError } from "../contract/index.ts";

/** A fault for a step's first attempts: an error, or the death of the process before or after the step ran. */
export interface Fault {
  readonly step: string;
  readonly what: string;
  readonly times: number;
}

const KILLS = ["kill", "kill-after"];
const CLASSES = new Map(
  [ErrorClass.Transient, ErrorClass.Throttled, ErrorClass.Permanent, ErrorClass.Denied, ErrorClass.NeedsHuman].map(
    (name) => [name.replace("Holdfast.", "").toLowerCase(), name],
  ),
);

/** Reads `<step>:<what>[:<times>]`. @throws Holdfast.InvalidInput for what it cannot read. */
export function parseFault(text: string): Fault {
  const [step = "", what = "", times = "1", ...rest] = text.split(":");
  const count = Number(times);
  const known = CLASSES.has(what) || KILLS.includes(what);
  if (step !== "" && known && Number.isInteger(count) && count > 0 && rest.length === 0)
    return { step, what, times: count };
  const allowed = [...CLASSES.keys(), ...KILLS].join(", ");
  throw new HoldfastError(
    ErrorClass.InvalidInput,
    "fault-invalid",
    `--fault ${text} cannot be read. Write <step>:<what> or <step>:<what>:<times>, where <what> is one of ${allowed}.`,
  );
}

/** What strikes the steps of one process, as often as asked. */
export class Faults {
  readonly #left = new Map<Fault, number>();

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.#left.set(fault, fault.times);
  }

  before(step: string): void {
    const fault = this.#take(step, (what) => what !== "kill-after");
    if (fault === undefined) return;
    const name = CLASSES.get(fault.what);
    if (name === undefined) die();
    throw new HoldfastError(name, "injected-fault", `Injected by --fault ${fault.step}:${fault.what}.`);
  }

  after(step: string): void {
    if (this.#take(step, (what) => what === "kill-after") !== undefined) die();
  }

  #take(step: string, matches: (what: string) => boolean): Fault | undefined {
    for (const [fault, left] of this.#left) {
      if (fault.step !== step || left === 0 || !matches(fault.what)) continue;
      this.#left.set(fault, left - 1);
      return fault;
    }
    return undefined;
  }
}

/** As a crash does it: nothing is flushed, no handler runs. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("The process was killed by an injected fault.");
}
