import { type Json, SILENT } from "../../lib/contract/index.ts";
import type { Exit, Outcome } from "./history.ts";

/** What people answered. */
export interface Answer {
  readonly decision: string;
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly output?: Json;
}

/** What came of each place of a run, to be asked for in the order in which the run got there. */
export class Lookahead {
  readonly #left = new Map<string, Exit[]>();

  constructor(exits: readonly Exit[]) {
    for (const exit of exits) {
      const known = this.#left.get(exit.path);
      if (known === undefined) this.#left.set(exit.path, [exit]);
      else known.push(exit);
    }
  }

  /** Whether people were asked about a place once more. */
  isAsked(path: string): boolean {
    return this.#left.get(path)?.[0]?.kind === "question";
  }

  /** How a step came out in the end, retries done: all of its attempts up to the next question. */
  outcomeOfStep(path: string): Outcome | undefined {
    const left = this.#left.get(path) ?? [];
    let last: Outcome | undefined;
    for (let next = left[0]; next?.kind === "step"; next = left[0]) {
      last = next.outcome;
      left.shift();
    }
    return last;
  }

  /** What was answered on any tier, or nothing when all stayed silent. */
  answerTo(path: string, kind: string, tiers: number): Answer | undefined {
    const left = this.#left.get(path) ?? [];
    let silent = 0;
    for (let next = left[0]; next !== undefined && silent < tiers; next = left[0]) {
      if (next.kind === "step" || (next.kind === "question" && next.of !== kind)) return undefined;
      left.shift();
      if (!("output" in next.outcome)) continue;
      const answer = next.outcome.output as Json & Answer;
      if (answer.decision !== SILENT) return answer;
      silent += 1;
    }
    return undefined;
  }
}
