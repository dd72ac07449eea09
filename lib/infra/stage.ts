import { RemovalPolicy } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { ALL_AT_ONCE, CANARY, type Rollout } from "./rollout.ts";

/** What differs between a place to try things out and the place that people rely on. */
export interface StageSettings {
  /** What becomes of data and logs when their stack is deleted; what a stack that was never there leaves would stand in the way of the next. */
  readonly removalPolicy: RemovalPolicy;
  /** Refuses the deletion of the table and of the platform's stack. */
  readonly protected: boolean;
  /** Refuses agents that lack what production asks for. */
  readonly asksReadiness: boolean;
  readonly logRetention: RetentionDays;
  readonly rollout: Rollout;
}

const STAGES: Readonly<Record<string, StageSettings>> = {
  dev: {
    removalPolicy: RemovalPolicy.DESTROY,
    protected: false,
    asksReadiness: false,
    logRetention: RetentionDays.TWO_WEEKS,
    rollout: ALL_AT_ONCE,
  },
  prod: {
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    protected: true,
    asksReadiness: true,
    logRetention: RetentionDays.ONE_YEAR,
    rollout: CANARY,
  },
};

/**
 * The settings of a stage, as given by `-c stage=NAME`.
 *
 * @param name `dev` when not given.
 * @throws RangeError for a name that is not a stage.
 */
export function stageSettings(name: unknown = "dev"): StageSettings {
  const settings = typeof name === "string" && Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (settings !== undefined) return settings;
  const allowed = Object.keys(STAGES).join(" or ");
  throw new RangeError(
    `There is no stage ${JSON.stringify(name)}. Allowed: ${allowed}, as in "cdk synth -c stage=dev".`,
  );
}
