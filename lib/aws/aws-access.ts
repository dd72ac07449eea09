import { ErrorClass, HoldfastError } from "../contract/index.ts";
import type { AwsClient } from "./service-request.ts";

/** Where a client asks, and as whom. @throws Holdfast.Denied with code `aws-access-missing` */
export async function accessOf({ config: { region, credentials } }: AwsClient) {
  try {
    return { region: await region(), credentials: await credentials() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fix = "Set AWS_REGION and AWS_PROFILE, or whatever else your AWS tools take them from.";
    throw new HoldfastError(
      ErrorClass.Denied,
      "aws-access-missing",
      `AWS cannot be asked. ${why.replace(/\.?$/, ".")} ${fix}`,
    );
  }
}
