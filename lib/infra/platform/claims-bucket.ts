import { Aws, Duration, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { Environment, KEPT_SECONDS, LONGEST_RUN_SECONDS } from "../../contract/index.ts";
import { acknowledgePatterns } from "../acknowledge.ts";
import { claimsBucketName } from "../names.ts";
import type { StageSettings } from "../stage.ts";

/** Every run that a claim can belong to is forgotten by then. */
const KEPT = Duration.days((LONGEST_RUN_SECONDS + KEPT_SECONDS) / 86_400);
const OVERWRITTEN_KEPT = Duration.days(30);

/**
 * Results that are too large for an item of the runs table: one object each, in the folder of the agent. CloudFormation
 * deletes the bucket only once it is empty.
 */
export class ClaimsBucket extends Construct {
  readonly #name: string;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: { readonly key: IKey; readonly stage: StageSettings }) {
    super(scope, id);
    const { key, stage } = props;
    this.#key = key;
    this.#name = claimsBucketName(this);
    const bucket = new Bucket(this, "Bucket", {
      bucketName: this.#name,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: true,
      lifecycleRules: [{ expiration: KEPT, noncurrentVersionExpiration: OVERWRITTEN_KEPT }],
      removalPolicy: stage.removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Read and written by step functions only, each under a role of its own; the table says which run has which object.",
    });
  }

  /** Lets a function read and create the claims of one agent's runs, and tells it the bucket. */
  grantClaimsOf(agent: string, grantee: LambdaFunction): void {
    const objects = `arn:${Aws.PARTITION}:s3:::${this.#name}/${agent}/*`;
    const throughS3 = { StringEquals: { "kms:ViaService": `s3.${Stack.of(this).region}.amazonaws.com` } };
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ["s3:GetObject", "s3:PutObject"],
        resources: [objects],
        conditions: { StringEquals: { "aws:ResourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [this.#key.keyArn],
        conditions: throughS3,
      }),
    );
    acknowledgePatterns(grantee, [objects], "The claims of this agent's runs; their names are not known before.");
    grantee.addEnvironment(Environment.claims, `s3://${this.#name}/`);
  }
}
