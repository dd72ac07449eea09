import type { Clock } from "../../lib/ports/index.ts";
import type { Fault, FaultPlan, PointKind } from "./faults.ts";
import { Mortal, never } from "./mortal.ts";
import type { Truth } from "./truth.ts";

/** What an invocation is surrounded by. */
export interface Surroundings {
  readonly time: Clock;
  readonly plan: FaultPlan;
  readonly truth: Truth;
}

export interface Start {
  readonly id: number;
  readonly name: string;
  /** Its process; when that dies, so does it. */
  readonly host: Mortal;
}

/** An error as the AWS SDK or a socket throws it. */
export const networkError = (as: "throttled" | "reset"): Error =>
  as === "throttled"
    ? Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException", $retryable: { throttling: true } })
    : Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

/** One invocation of a function: all that it does goes through points at which faults strike it. */
export class Invocation extends Mortal {
  readonly id: number;
  readonly name: string;
  readonly clock: Clock;
  #skew: number;

  constructor(
    private readonly around: Surroundings,
    { id, name, host }: Start,
  ) {
    super(around.time);
    this.id = id;
    this.name = name;
    this.host = host;
    this.#skew = around.plan.skew();
    this.clock = {
      now: () => around.time.now() + this.#skew,
      at: (time, wake) => this.after(time - this.clock.now(), wake),
    };
    host.onDeath((why) => this.die(why));
  }

  readonly host: Mortal;

  /**
   * Does something to the world. Whatever happens to the invocation on the way, `apply` is all that the world sees.
   *
   * @param inFlight the request arrives even if who sent it has died in the meantime.
   */
  async through<Result>(point: PointKind, apply: () => Promise<Result>, inFlight = false): Promise<Result> {
    const { plan } = this.around;
    if (this.#isOver()) return never();
    this.#skew += plan.jump();
    const fault = plan.at(point);
    if (fault !== undefined) this.#note(fault, point);
    if (fault?.kind === "death") return this.#dieAt(fault, apply);
    const travel = fault?.kind === "delayed" ? fault : undefined;
    await this.#travel(plan.latency(point) + (travel?.before ?? 0), inFlight);
    if (fault?.kind === "refused") throw networkError(fault.as);
    let result = await apply();
    if (fault?.kind === "doubled") result = await apply();
    await this.sleep(plan.latency(point) + (travel?.after ?? 0));
    if (this.#isOver()) return never();
    if (fault?.kind === "answer-lost") throw networkError("reset");
    return result;
  }

  async #dieAt<Result>({ of, when }: Extract<Fault, { kind: "death" }>, apply: () => Promise<Result>): Promise<Result> {
    const mortal = of === "process" ? this.host : this;
    if (when !== "before") {
      const result = await apply();
      if (when === "after" && this.alive) {
        mortal.doomed = true;
        return result;
      }
    }
    mortal.die("Runtime.ExitError");
    return never();
  }

  #isOver(): boolean {
    if (this.host.doomed) this.host.die("Runtime.ExitError");
    if (this.doomed) this.die("Runtime.ExitError");
    return !this.alive;
  }

  async #travel(milliseconds: number, inFlight: boolean): Promise<void> {
    await (inFlight ? this.host : this).sleep(milliseconds);
  }

  #note(fault: Fault, point: PointKind): void {
    const { kind, ...rest } = fault;
    const what = [kind, ...Object.values(rest)].join(" ");
    this.around.truth.note({ kind: "fault", what, where: `${point} of ${this.name} #${this.id}` });
  }
}
