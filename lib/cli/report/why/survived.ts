import { toldAttempts } from "../failed-tries.ts";
import type { Case, Cause } from "./case.ts";

export interface Survived {
  readonly path: string;
  readonly how: "retried" | "stood in for";
  readonly attempts: number;
  readonly classes: readonly string[];
}

/** @param cause what was not survived. */
export function survivedIn({ visits, facts }: Case, cause: Cause | null): Survived[] {
  const stoodIn = new Set(
    (facts.record?.decisions ?? []).filter(({ kind }) => kind === "stand-in").map(({ path }) => path),
  );
  return visits
    .filter(({ path, visit }) => path !== cause?.path && visit.tries.some(({ failure }) => failure !== undefined))
    .filter(({ path, visit }) => !visit.failed || stoodIn.has(path))
    .map((step) => {
      const failures = toldAttempts(step, facts).flatMap(({ error }) => (error === null ? [] : [error.class]));
      const how = step.visit.failed ? "stood in for" : "retried";
      return { path: step.path, how, attempts: step.visit.tries.length, classes: [...new Set(failures)] };
    });
}
