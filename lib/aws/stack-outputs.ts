import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { accessOf } from "./aws-access.ts";

/** A deployed stack: where it is, and what it tells of itself. */
export interface DeployedStack {
  readonly name: string;
  readonly region: string;
  readonly partition: string;
  readonly account: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** @throws Holdfast.InvalidInput with code `stack-missing`, Holdfast.Denied with code `aws-access-missing`. */
export async function describeStack(client: CloudFormationClient, stack: string): Promise<DeployedStack> {
  const { region } = await accessOf(client);
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack })).catch((error: unknown) => {
    const isMissing = error instanceof CloudFormationServiceException && error.name === "ValidationError";
    throw isMissing ? missing("stack-missing", `${region} has no stack ${stack}. Deploy it, or name another.`) : error;
  });
  const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs);
  const [, partition = "aws", , , account = ""] = Stacks[0]?.StackId?.split(":") ?? [];
  const values = outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return { name: stack, region, partition, account, outputs: Object.fromEntries(values) };
}

/** An output of a stack. @throws Holdfast.InvalidInput with code `stack-output-missing`. */
export function outputOf({ name: stack, outputs }: DeployedStack, name: string): string {
  const found = outputs[name];
  if (found !== undefined) return found;
  const known = Object.keys(outputs).join(", ") || "none";
  throw missing("stack-output-missing", `Stack ${stack} has no output ${name}, only ${known}. Deploy it anew.`);
}

/**
 * An output of a deployed stack, by its name.
 *
 * @throws Holdfast.InvalidInput with code `stack-missing` or `stack-output-missing`, Holdfast.Denied with code `aws-access-missing`.
 */
export const stackOutput = async (client: CloudFormationClient, stack: string, name: string): Promise<string> =>
  outputOf(await describeStack(client, stack), name);

const missing = (code: string, message: string) => new HoldfastError(ErrorClass.InvalidInput, code, message);
