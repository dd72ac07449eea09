import { CfnOutput, Stack } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { type Conditions, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import {
  breakerKey,
  Environment,
  groupKey,
  Table as Keys,
  peopleKey,
  RUNS_TABLE_OUTPUT,
  runKey,
} from "../../contract/index.ts";
import type { StageSettings } from "../stage.ts";

/** What reading or writing items takes. DynamoDB uses the key in the caller's name (developer guide: customer managed keys). */
interface Access {
  readonly items: readonly string[];
  readonly key: readonly string[];
}
const READ: Access = {
  items: ["dynamodb:GetItem", "dynamodb:Query"],
  key: ["kms:Decrypt", "kms:DescribeKey"],
};
const WRITE_KEY = ["kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"];
const READ_UPDATE: Access = {
  items: [...READ.items, "dynamodb:UpdateItem"],
  key: [...READ.key, ...WRITE_KEY],
};
const READ_WRITE: Access = { items: [...READ_UPDATE.items, "dynamodb:PutItem"], key: READ_UPDATE.key };

const GET_PUT: Access = { items: ["dynamodb:GetItem", "dynamodb:PutItem"], key: READ_UPDATE.key };

interface Asking {
  readonly agent: string;
  /** Agents whose budgets a decision raises, too. */
  readonly budgets: readonly string[];
  readonly audiences: readonly string[];
}

/** Length of the digest that ends a run id. */
const DIGEST = 32;

/** Runs, checkpoints, actions and escalations. */
export class RunsTable extends Construct {
  readonly #table: Table;
  readonly #key: IKey;
  readonly tableName: string;

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
    this.tableName = this.#table.tableName;
    const output = new CfnOutput(this, "Name", { value: this.tableName, description: "The runs table." });
    output.overrideLogicalId(RUNS_TABLE_OUTPUT);
    this.#table.addGlobalSecondaryIndex({
      indexName: Keys.runsIndex.name,
      partitionKey: text(Keys.runsIndex.partitionKey),
      sortKey: text(Keys.runsIndex.sortKey),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...Keys.runsIndex.projected],
    });
    this.#table.addGlobalSecondaryIndex({
      indexName: Keys.askedIndex.name,
      partitionKey: text(Keys.askedIndex.partitionKey),
      sortKey: text(Keys.askedIndex.sortKey),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...Keys.askedIndex.projected],
    });
  }

  /** Lets a function read and write the items of some agents' runs, and tells it the table. Items are never deleted. */
  grantRunsOf(agents: readonly string[], grantee: LambdaFunction): void {
    this.#grant(grantee, READ_WRITE, agents.map(leadingKeyOf));
  }

  /** Lets a function read and write the breakers of an agent's tools, and tells it the table. */
  grantBreakersOf(agent: string, grantee: LambdaFunction): void {
    this.#grant(grantee, GET_PUT, [breakerKey(agent)]);
  }

  /** Lets a function read the items of some agents' runs, and tells it the table. */
  grantReadRunsOf(agents: readonly string[], grantee: LambdaFunction): void {
    this.#grant(grantee, READ, agents.map(leadingKeyOf));
  }

  /** Lets a function read and write the items of every agent's runs, and nothing of people; tells it the table. */
  grantEveryRun(grantee: LambdaFunction): void {
    this.#grant(grantee, READ_WRITE, [runKey("*")]);
  }

  /** Lets a function read and write the items of every agent's runs and what people are asked about them, and tells it the table. */
  grantReadWrite(grantee: LambdaFunction): void {
    this.#grant(grantee, READ_WRITE, [runKey("*"), peopleKey("*")]);
  }

  /** Lets a function ask people about an agent's runs, look at what is asked of these audiences, and tells it the table. */
  grantAsk({ agent, budgets, audiences }: Asking, grantee: LambdaFunction): void {
    this.#grant(grantee, READ_UPDATE, [agent, ...budgets].map(leadingKeyOf));
    this.#grant(grantee, READ_WRITE, [peopleKey(runPattern(agent)), groupKey(agent, "*")]);
    this.#grantIndex(grantee, Keys.askedIndex.name, {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [...new Set(audiences)] },
    });
  }

  /** Lets a function take decisions about every agent's runs, list what is asked of anybody, and tells it the table. */
  grantDecide(grantee: LambdaFunction): void {
    this.#grant(grantee, READ_UPDATE, [runKey("*")]);
    this.#grant(grantee, READ_WRITE, [peopleKey("*")]);
    this.grantListAsked(grantee);
  }

  /** Lets a function list runs by agent and status, besides what it may do with their items. */
  grantListRuns(grantee: LambdaFunction): void {
    this.#grantIndex(grantee, Keys.runsIndex.name);
  }

  /** Lets a function list what is asked of anybody, besides what it may do with the items. */
  grantListAsked(grantee: LambdaFunction): void {
    this.#grantIndex(grantee, Keys.askedIndex.name);
  }

  #grantIndex(grantee: LambdaFunction, index: string, conditions: Conditions = {}): void {
    const resources = [`${this.#table.tableArn}/index/${index}`];
    grantee.addToRolePolicy(new PolicyStatement({ actions: ["dynamodb:Query"], resources, conditions }));
  }

  #grant(grantee: LambdaFunction, { items, key }: Access, leadingKeys: readonly string[]): void {
    const throughDynamo = { StringEquals: { "kms:ViaService": `dynamodb.${Stack.of(this).region}.amazonaws.com` } };
    const conditions = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": leadingKeys } };
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: [...items], resources: [this.#table.tableArn], conditions }),
    );
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: [...key], resources: [this.#key.keyArn], conditions: throughDynamo }),
    );
    grantee.addEnvironment(Environment.table, this.#table.tableName);
  }
}

/** The ids of an agent's runs, as a pattern. The digest's length is spelt out, so that `invoice` cannot reach the runs of `invoice-desk`. */
const runPattern = (agent: string) => `${agent}-${"?".repeat(DIGEST)}`;

/** The partition keys of an agent's runs, as a pattern. */
export const leadingKeyOf = (agent: string) => runKey(runPattern(agent));
