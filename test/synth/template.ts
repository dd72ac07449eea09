import type { Template } from "aws-cdk-lib/assertions";

/** The resources of a type, for assertions about every one of them. */
export const resources = (template: Template, type: string) =>
  Object.entries(template.findResources(type)).map(([id, { Properties, ...attributes }]) => ({
    id,
    properties: Properties,
    ...attributes,
  }));

export interface Statement {
  /** Logical id of the role that holds it. */
  readonly role: string;
  readonly actions: readonly string[];
  /** Each as JSON text, so that intrinsic functions can be looked into. */
  readonly resources: readonly string[];
  readonly condition: unknown;
}

/** Every statement of every role. */
export function statements(template: Template): Statement[] {
  return resources(template, "AWS::IAM::Policy").flatMap(({ properties }) =>
    [properties.PolicyDocument.Statement].flat().map(
      (statement): Statement => ({
        role: properties.Roles[0].Ref,
        actions: [statement.Action].flat(),
        resources: [statement.Resource].flat().map((resource) => JSON.stringify(resource)),
        condition: statement.Condition,
      }),
    ),
  );
}

/** The statements of the one role whose logical id matches. */
export function statementsOf(template: Template, role: RegExp): Statement[] {
  const found = statements(template).filter((statement) => role.test(statement.role));
  const roles = new Set(found.map((statement) => statement.role));
  if (roles.size !== 1) throw new RangeError(`${roles.size} roles match ${role}.`);
  return found;
}
