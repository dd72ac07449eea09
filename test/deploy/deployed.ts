import { CloudFormationClient, DescribeStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import { type Json, PLATFORM_STACK, RUN, runKey } from "../../lib/contract/index.ts";
import type { Item } from "../../lib/ports/index.ts";

export const AGENT_STACK = "Holdfast-invoice-desk";
const [INBOX, PAYMENTS] = ["invoice-desk-inbox", "invoice-desk-payments"];

/** What is deployed, as a test looks at it. */
export function deployed() {
  const cloudFormation = new CloudFormationClient({});
  const stepFunctions = new SFNClient({});
  const events = new EventBridgeClient({});
  const s3 = new S3Client({ forcePathStyle: true });
  const dynamo = new DynamoDBClient({});

  const resources = async (stack: string, type: string): Promise<string[]> => {
    const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stack }));
    return StackResources.filter(({ ResourceType }) => type === "" || ResourceType === type).map(
      ({ PhysicalResourceId }) => PhysicalResourceId ?? "",
    );
  };
  const one = async (stack: string, type: string, pattern = /./): Promise<string> => {
    const [found] = (await resources(stack, type)).filter((id) => pattern.test(id));
    if (found === undefined) throw new RangeError(`${stack} has no ${type} like ${pattern}.`);
    return found;
  };
  const machine = () => one(AGENT_STACK, "AWS::StepFunctions::StateMachine");
  const executionArn = async (name: string) => `${(await machine()).replace(":stateMachine:", ":execution:")}:${name}`;

  return {
    cloudFormation,
    stepFunctions,
    resources,
    decideFunction: () => one(PLATFORM_STACK, "AWS::Lambda::Function", /decide/),

    async fillInbox(documents: Readonly<Record<string, Buffer>>): Promise<void> {
      for (const Bucket of [INBOX, PAYMENTS]) await s3.send(new CreateBucketCommand({ Bucket }));
      for (const [Key, Body] of Object.entries(documents)) {
        await s3.send(new PutObjectCommand({ Bucket: INBOX, Key, Body }));
      }
    },

    async payments(invoiceId: string): Promise<Json[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: PAYMENTS, Prefix: invoiceId }));
      return Promise.all(
        Contents.map(async ({ Key }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: PAYMENTS, Key }));
          return JSON.parse((await Body?.transformToString()) ?? "null") as Json;
        }),
      );
    },

    async put(invoiceId: string, invoice: string): Promise<void> {
      const detail = {
        invoiceId,
        document: `s3://${INBOX}/invoices/${invoice}.xml`,
        erpExport: `s3://${INBOX}/erp/orders.csv`,
        payments: `s3://${PAYMENTS}/`,
      };
      const entry = { EventBusName: "holdfast", Source: "erp.invoices", DetailType: "InvoiceReceived" };
      const { FailedEntryCount } = await events.send(
        new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }),
      );
      if (FailedEntryCount !== 0) throw new Error(`${FailedEntryCount} events were refused.`);
    },

    async run(runId: string): Promise<Item | undefined> {
      const store = new DynamoRunStore(dynamo, await one(PLATFORM_STACK, "AWS::DynamoDB::Table"));
      return store.get({ pk: runKey(runId), sk: RUN });
    },

    async executions(): Promise<string[]> {
      const { executions = [] } = await stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn: await machine() }),
      );
      return executions.map(({ name }) => name ?? "");
    },

    async output(runId: string): Promise<Record<string, Json>> {
      const { output = "{}" } = await stepFunctions.send(
        new DescribeExecutionCommand({ executionArn: await executionArn(runId) }),
      );
      return JSON.parse(output);
    },
  };
}
