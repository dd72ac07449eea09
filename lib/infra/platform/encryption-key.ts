import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { StageSettings } from "../stage.ts";

/** The key under which Holdfast keeps what runs and escalations hold. */
export const createKey = (scope: Construct, stage: StageSettings): Key =>
  new Key(scope, "Key", {
    alias: "alias/holdfast",
    description: "Runs, checkpoints and escalations of Holdfast agents.",
    enableKeyRotation: true,
    removalPolicy: stage.removalPolicy,
  });
