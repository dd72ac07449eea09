import { ApiError } from "../api-error.ts";

const ARN = /^arn:aws[\w-]*:states:[\w-]+:\d{12}:(\w+):[^\s:]+/;

/** @throws ApiError InvalidArn for what is no ARN of such a resource. */
export function requireArn(arn: string, resource: "stateMachine" | "execution"): void {
  const found = ARN.exec(arn)?.[1];
  if (found === resource) return;
  const problem = found === undefined ? `Invalid ARN: ${arn}` : `Resource type not valid in this context: ${found}`;
  throw new ApiError("InvalidArn", `Invalid Arn: '${problem}'`);
}
