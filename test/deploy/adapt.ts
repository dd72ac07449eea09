import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LIVE } from "../../lib/infra/live.ts";

/** What a CloudFormation that is not AWS's own may not know. */
export interface Missing {
  /** Alarms on metric math: they are left out. */
  readonly metricMath: boolean;
  /** Versions and aliases of state machines: they are left out, and what named the alias names it still. */
  readonly releases: boolean;
  /** Versions of functions: a function of its own stands for each. */
  readonly functionVersions: boolean;
  /** `DeletionPolicy: Retain`: what the assembly before this one retains is carried on. */
  readonly retention: boolean;
  /** `$fromMillis` and the retry count in expressions: a time of today's and the first attempt stand for them. */
  readonly expressions: boolean;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}
type Resources = Readonly<Record<string, Resource>>;
interface Template {
  readonly Resources: Resources;
}

const RELEASE = /^AWS::StepFunctions::StateMachine(Version|Alias)$/;

/** The template as a CloudFormation can take it that lacks something. @param before the adapted template that this one follows. */
export function adaptTemplate(template: Template, missing: Missing, before?: Template): Template {
  let resources = template.Resources;
  if (missing.metricMath) resources = withoutMetricMath(resources);
  if (missing.releases) resources = withoutReleases(resources);
  if (missing.expressions) resources = withPlainExpressions(resources);
  if (missing.functionVersions) resources = withFunctionsForVersions(resources);
  if (missing.retention && before !== undefined) resources = { ...retained(before.Resources), ...resources };
  return { ...template, Resources: resources };
}

function withoutMetricMath(resources: Resources): Resources {
  const left = new Set(Object.keys(resources).filter((id) => resources[id]?.Properties.Metrics !== undefined));
  const kept = Object.entries(resources).filter(([id]) => !left.has(id));
  return mapReferences(Object.fromEntries(kept), ({ Ref, "Fn::GetAtt": attribute }) => {
    const id = String(Ref ?? attribute?.[0]);
    return left.has(id) ? id : undefined;
  });
}

function withoutReleases(resources: Resources): Resources {
  const aliases = new Map(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === "AWS::StepFunctions::StateMachineAlias")
      .map(([id, alias]) => [id, { "Fn::Join": ["", [machineOf(alias, resources), `:${LIVE}`]] }]),
  );
  const kept = Object.entries(resources).filter(([, { Type }]) => !RELEASE.test(Type));
  return mapReferences(Object.fromEntries(kept), ({ "Fn::GetAtt": attribute }) => aliases.get(String(attribute?.[0])));
}

/** What gives the ARN of an alias's machine. */
function machineOf({ Properties }: Resource, resources: Resources): unknown {
  const { StateMachineVersionArn } = Properties.DeploymentPreference as {
    readonly StateMachineVersionArn: { readonly "Fn::GetAtt": readonly [string, string] };
  };
  return resources[StateMachineVersionArn["Fn::GetAtt"][0]]?.Properties.StateMachineArn;
}

function withFunctionsForVersions(resources: Resources): Resources {
  const versions = new Set(Object.keys(resources).filter((id) => resources[id]?.Type === "AWS::Lambda::Version"));
  const standing = Object.entries(resources).map(([id, resource]) => {
    if (!versions.has(id)) return [id, resource] as const;
    const { Ref } = resource.Properties.FunctionName as { readonly Ref: string };
    return [id, { ...resources[Ref], DeletionPolicy: "Retain" }] as const;
  });
  return mapReferences(Object.fromEntries(standing) as Resources, ({ Ref }) =>
    versions.has(String(Ref)) ? { "Fn::GetAtt": [Ref, "Arn"] } : undefined,
  );
}

function withPlainExpressions(resources: Resources): Resources {
  const later = (seconds: string) => new Date(Date.now() + Number(seconds) * 1_000).toISOString();
  const plain = (definition: string) =>
    definition
      .replaceAll("[$states.context.State.RetryCount, 0][0]", "0")
      .replaceAll("$states.context.State.RetryCount", "0")
      .replaceAll(/\{% \$fromMillis\(\$millis\(\) \+ (\d+) \* 1000\) %\}/g, (_, seconds: string) => later(seconds));
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => {
      const { DefinitionString } = resource.Properties;
      if (typeof DefinitionString !== "string") return [id, resource];
      return [id, { ...resource, Properties: { ...resource.Properties, DefinitionString: plain(DefinitionString) } }];
    }),
  );
}

const retained = (resources: Resources): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === "Retain"));

interface Reference {
  readonly Ref?: string;
  readonly "Fn::GetAtt"?: readonly [string, string];
}

/** The resources with some references replaced, and without the dependencies that are no longer there. */
function mapReferences(resources: Resources, replace: (reference: Reference) => unknown): Resources {
  const map = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== "object" || value === null) return value;
    return (
      replace(value as Reference) ?? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]))
    );
  };
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => {
      const DependsOn = [resource.DependsOn ?? []].flat().filter((other) => Object.hasOwn(resources, other));
      return [id, { ...(map(resource) as Resource), DependsOn }];
    }),
  );
}

/** Adapts every template of a cloud assembly, in place. @param before the adapted assembly that was deployed before. */
export async function adapt(assembly: string, missing: Missing, before?: string): Promise<void> {
  const read = async (folder: string, name: string): Promise<Template> =>
    JSON.parse(await readFile(join(folder, name), "utf8"));
  const names = (await readdir(assembly)).filter((name) => name.endsWith(".template.json"));
  for (const name of names) {
    const adapted = adaptTemplate(
      await read(assembly, name),
      missing,
      before === undefined ? undefined : await read(before, name),
    );
    await writeFile(join(assembly, name), JSON.stringify(adapted, undefined, 1));
  }
}
