import { Stack } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { type Conditions, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { Environment, Table as Keys, runKey } from "../../contract/index.ts";
import type { StageSettings } from "../stage.ts";

/** What the list of runs shows beyond the keys: `holdfast runs` reads the index alone. */
const LISTED = ["agent", "runId", "status", "updatedAt"];

/** What reading or writing items takes. DynamoDB uses the key in the caller's name (developer guide: customer managed keys). */
interface Access {
  readonly items: readonly string[];
  readonly key: readonly string[];
}
const READ: Access = {
  items: ["dynamodb:GetItem", "dynamodb:Query"],
  key: ["kms:Decrypt", "kms:DescribeKey"],
};
const READ_WRITE: Access = {
  items: [...READ.items, "dynamodb:PutItem", "dynamodb:UpdateItem"],
  key: [...READ.key, "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
};

/** Length of the digest that ends a run id. */
const DIGEST = 32;

/** Runs, checkpoints, actions and escalations. */
export class RunsTable extends Construct {
  readonly #table: Table;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: { readonly key: IKey; readonly stage: StageSettings }) {
    super(scope, id);
    const { key, stage } = props;
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    this.#key = key;
    this.#table = new Table(this, "Table", {
      partitionKey: text(Keys.partitionKey),
      sortKey: text(Keys.sortKey),
      timeToLiveAttribute: Keys.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.protected,
      removalPolicy: stage.removalPolicy,
    });
    this.#table.addGlobalSecondaryIndex({
      indexName: Keys.runsIndex.name,
      partitionKey: text(Keys.runsIndex.partitionKey),
      sortKey: text(Keys.runsIndex.sortKey),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: LISTED,
    });
  }

  /** Lets a function read and write the items of some agents' runs, and tells it the table. Items are never deleted. */
  grantRunsOf(agents: readonly string[], grantee: LambdaFunction): void {
    this.#grant(grantee, READ_WRITE, runsOf(agents));
  }

  /** Lets a function read the items of some agents' runs, and tells it the table. */
  grantReadRunsOf(agents: readonly string[], grantee: LambdaFunction): void {
    this.#grant(grantee, READ, runsOf(agents));
  }

  /** Lets a function read and write the items of every agent's runs, and tells it the table. */
  grantReadWrite(grantee: LambdaFunction): void {
    this.#grant(grantee, READ_WRITE);
  }

  /** Lets a function list runs by agent and status, besides what it may do with their items. */
  grantListRuns(grantee: LambdaFunction): void {
    const resources = [`${this.#table.tableArn}/index/${Keys.runsIndex.name}`];
    grantee.addToRolePolicy(new PolicyStatement({ actions: ["dynamodb:Query"], resources }));
  }

  #grant(grantee: LambdaFunction, { items, key }: Access, conditions: Conditions = {}): void {
    const throughDynamo = { StringEquals: { "kms:ViaService": `dynamodb.${Stack.of(this).region}.amazonaws.com` } };
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: [...items], resources: [this.#table.tableArn], conditions }),
    );
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: [...key], resources: [this.#key.keyArn], conditions: throughDynamo }),
    );
    grantee.addEnvironment(Environment.table, this.#table.tableName);
  }
}

const runsOf = (agents: readonly string[]): Conditions => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": agents.map(leadingKeyOf) },
});

/**
 * The partition keys of an agent's runs, as a pattern. The digest's length is spelt out, so that `invoice` cannot reach
 * the runs of `invoice-desk`.
 */
export const leadingKeyOf = (agent: string) => runKey(`${agent}-${"?".repeat(DIGEST)}`);
