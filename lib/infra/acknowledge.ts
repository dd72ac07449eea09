import { Stack, Validations } from "aws-cdk-lib";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";

/** A function or a state machine. */
type RoleHolder = IConstruct & { readonly role?: IRole };

/**
 * Says why a role may name these resources by a pattern. Each pattern among them is acknowledged
 * by itself, so that no other goes unnoticed.
 */
export function acknowledgePatterns(holder: RoleHolder, resources: readonly string[], reason: string): void {
  const scope = holder.role ?? holder;
  for (const resource of resources.filter((name) => name.includes("*"))) {
    const pattern = printed(Stack.of(scope).resolve(resource));
    Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
  }
}

type Resolved =
  | string
  | { readonly Ref: string }
  | { readonly "Fn::GetAtt": readonly string[] }
  | { readonly "Fn::Join": readonly [string, readonly Resolved[]] };

/** An ARN as the rule pack prints it in its findings. */
function printed(resolved: Resolved): string {
  if (typeof resolved === "string") return resolved;
  if ("Ref" in resolved) return `<${resolved.Ref}>`;
  if ("Fn::GetAtt" in resolved) return `<${resolved["Fn::GetAtt"].join(".")}>`;
  const [delimiter, parts] = resolved["Fn::Join"];
  return parts.map(printed).join(delimiter);
}
