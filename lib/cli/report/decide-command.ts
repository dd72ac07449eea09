import { type Escalation, reportedError } from "../../runtime/index.ts";
import { shown } from "./failed-tries.ts";

/** What a decision takes besides its name. */
interface Asked {
  readonly id: string;
  /** See {@link raiseOf}. */
  readonly raise: string | null;
}

/** How something is decided, as it can be typed. On this machine, whoever types it says who decides. */
export function decideCommand({ id, raise }: Asked, decision = "abort", stack?: string): string {
  return [
    `npx holdfast decide ${id} --decision ${decision}`,
    ...(decision === "override" ? ["--output output.json"] : []),
    ...(decision === "raise" && raise !== null ? [`--raise ${raise}`] : []),
    stack === undefined ? "--as you@example.com" : `--stack ${stack}`,
  ].join(" ");
}

/** What the refusal that people are asked about is short of, as `--raise` takes it; null where nothing can be raised. */
export function raiseOf({ incident: { error, cause, decisions } }: Pick<Escalation, "incident">): string | null {
  if (!decisions.includes("raise")) return null;
  const { message } = shown(reportedError(error, cause));
  const amount = (pattern: RegExp) => pattern.exec(message)?.[1];
  const tokens = amount(/up to (\d+) tokens/);
  const usd = amount(/(\d+(?:\.\d+)?) USD/);
  const amounts = [
    ...(tokens === undefined ? [] : [`tokens=${tokens}`]),
    ...(usd === undefined ? [] : [`usd=${usd}`]),
    ...(/ \d+ steps/.test(message) ? ["steps=10"] : []),
    ...(/allows .*\d+ s\b/.test(message) ? ["wallClock=1d"] : []),
  ];
  return amounts.join(",") || "tokens=1000,usd=0.5,steps=10,wallClock=1d";
}
