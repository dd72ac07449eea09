import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import { accessOf } from "./aws-access.ts";

/**
 * An output of a deployed stack, by its name.
 *
 * @throws Holdfast.InvalidInput with code `stack-missing` or `stack-output-missing`, Holdfast.Denied with code `aws-access-missing`.
 */
export async function stackOutput(client: CloudFormationClient, stack: string, name: string): Promise<string> {
  const { region } = await accessOf(client);
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack })).catch((error: unknown) => {
    const isMissing = error instanceof CloudFormationServiceException && error.name === "ValidationError";
    throw isMissing ? missing("stack-missing", `${region} has no stack ${stack}. Deploy it, or name another.`) : error;
  });
  const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs);
  const found = outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (found !== undefined) return found;
  const known = outputs.map(({ OutputKey }) => OutputKey).join(", ") || "none";
  throw missing("stack-output-missing", `Stack ${stack} has no output ${name}, only ${known}. Deploy it anew.`);
}

const missing = (code: string, message: string) => new HoldfastError(ErrorClass.InvalidInput, code, message);
