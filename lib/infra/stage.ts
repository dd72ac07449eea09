import { RemovalPolicy } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";

/** What differs between a place to try things out and the place that people rely on. */
export interface StageSettings {
  /** What becomes of data and logs when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /** Refuses the deletion of the table and of the platform's stack. */
  readonly protected: boolean;
  readonly logRetention: RetentionDays;
}

const STAGES: Readonly<Record<string, StageSettings>> = {
  dev: { removalPolicy: RemovalPolicy.DESTROY, protected: false, logRetention: RetentionDays.TWO_WEEKS },
  prod: { removalPolicy: RemovalPolicy.RETAIN, protected: true, logRetention: RetentionDays.ONE_YEAR },
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
