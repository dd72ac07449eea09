import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { PLATFORM_TIMEOUT_SECONDS } from "../../contract/index.ts";
import type { FunctionCode } from "../bundle.ts";
import type { DecideAuth } from "../decide-auth.ts";
import { type PlatformFunctionName, platformKey } from "../entries.ts";
import { createFunction, type FunctionProps } from "../function.ts";
import type { AlarmDestination } from "../operations/alarm-destination.ts";
import type { Responsible } from "../operations/responsible.ts";
import type { StageSettings } from "../stage.ts";

export interface PlatformProps {
  /** Its functions, bundled: `await bundle(platformEntries(), outdir)`. */
  readonly code: FunctionCode;
  /** Retention, protection and what else differs between stages: `stageSettings("prod")`. */
  readonly stage: StageSettings;
  /** Whose tokens the decide API takes. @default those of IAM identities: signed requests */
  readonly decideAuth?: DecideAuth | undefined;
  /** Where alarms go. @default nowhere */
  readonly alarms?: AlarmDestination | undefined;
  /** Of the runs beyond one a second, how many are traced: 0 to 1. @default 0.05 */
  readonly sampling?: number;
  /** Whom the alarms of the platform name. @default nobody */
  readonly responsible?: Responsible;
}

/** One of the functions that all agents share. */
export const createPlatformFunction = (
  scope: Construct,
  name: PlatformFunctionName,
  { code, stage }: PlatformProps,
  more: Pick<FunctionProps, "description" | "deadLetterQueue">,
): LambdaFunction =>
  createFunction(scope, name, {
    ...more,
    code: code(platformKey(name)),
    stage,
    timeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
  });
